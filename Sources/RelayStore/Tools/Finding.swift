/// Something wrong in the store, and what to do about it.
package struct Finding: Sendable, Hashable {
  /// The database it is in.
  package let database: String
  /// The key in hexadecimal, or a name.
  package let key: String
  /// What is wrong, as a sentence.
  package let what: String
  /// What the operator can do.
  package let fix: String

  package init(database: String, key: String, what: String, fix: String) {
    self.database = database
    self.key = key
    self.what = what
    self.fix = fix
  }
}

/// What a check found.
package struct CheckReport: Sendable {
  package internal(set) var findings: [Finding] = []
  /// Findings beyond the bound, which are only counted.
  package internal(set) var unlisted = 0
  /// Records read.
  package internal(set) var records = 0

  package init() {}

  package var isSound: Bool { findings.isEmpty }

  static let bound = 1000

  mutating func add(_ finding: Finding) {
    if findings.count < Self.bound { findings.append(finding) } else { unlisted += 1 }
  }
}
