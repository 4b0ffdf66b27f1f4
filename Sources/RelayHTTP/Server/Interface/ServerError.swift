/// Why a server does not start. None of them passes by itself: stop, and say so.
package enum ServerError: Error, Hashable, CustomStringConvertible {
  /// Another program listens there.
  case addressInUse(ListenAddress)
  /// The address cannot be had on this machine, or by this user.
  case addressUnusable(ListenAddress, why: String)
  /// What was handed over is no socket that can be served on.
  case inheritanceUnusable(descriptor: Int32, why: String)
  /// The certificate and key are no pair in PEM.
  case identityUnusable
  /// A system call that does not fail on a sound machine has failed.
  case systemFailed(call: String, why: String)

  package var description: String {
    switch self {
    case .addressInUse(let address):
      "\(address) is in use: stop the program that listens there, or choose another address"
    case .addressUnusable(let address, let why):
      "cannot listen on \(address): \(why)"
    case .inheritanceUnusable(let descriptor, let why):
      "the inherited descriptor \(descriptor) cannot be served on: \(why)"
    case .identityUnusable:
      "the TLS certificate and key cannot be used: give a PEM certificate chain and the unencrypted PEM key to it"
    case .systemFailed(let call, let why):
      "\(call) failed: \(why)"
    }
  }
}
