internal import CLua
package import RelayModel

/// Every bound of the sandbox.
package enum SandboxBounds {
  /// What a script's values may hold where its step says nothing.
  package static let memory = ByteCount.mebibytes(64)
  /// And where it asks for more, at most.
  package static let maxMemory = ByteCount.mebibytes(256)
  /// The longest time that a script may run.
  package static let maxTimeout = Duration.seconds(60)
  /// The longest text of a script.
  package static let source = ByteCount.kibibytes(256)
  /// The longest input, as JSON text.
  package static let input = ByteCount.mebibytes(16)
  /// The longest value, as JSON text.
  package static let output = ByteCount(Int(petrel_script_longest_output))
  /// How many processes run scripts at once.
  package static let children = 4
  /// A process that has had nothing to run for so long is ended.
  package static let idle = Duration.seconds(30)
  /// One that has run for so long in all is replaced, before the kernel's limit of its processor time comes near.
  package static let childLife = Duration.seconds(60)
  /// How long a new process may take to be ready.
  package static let startTime = Duration.seconds(20)
}
