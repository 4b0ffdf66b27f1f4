/// Stores a workflow document with the vars it sees. The same document with the same vars answers the
/// number that it had before.
package struct RegisterVersion: Transition {
  package var name: String
  /// SHA-256 of the document.
  package var hash: [UInt8]
  package var document: [UInt8]
  /// JSON text.
  package var vars: [UInt8]

  package init(name: String, document: [UInt8], hash: [UInt8], vars: [UInt8]) {
    self.name = name
    self.document = document
    self.hash = hash
    self.vars = vars
  }

  package var weight: Int { document.count + vars.count + 512 }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> UInt32 {
    if let known = try transaction.snapshot.versionNumber(name: name, hash: hash, vars: vars) { return known }
    transaction.state.lastVersion += 1
    let number = transaction.state.lastVersion
    let version = WorkflowVersion(number: number, name: name, hash: hash, document: document, vars: vars)
    var index = VersionKey.prefix(name: name, hash: hash)
    index.add(number)
    try transaction.put(.versions, KeyBytes(UInt64(number)), version)
    try transaction.putIndex(.versionsByHash, index)
    return number
  }
}

enum VersionKey {
  static func prefix(name: String, hash: [UInt8]) -> KeyBytes {
    var key = KeyBytes(name)
    key.add(hash)
    return key
  }
}

extension Snapshot {
  /// The number of the stored version with this document and these vars.
  func versionNumber(name: String, hash: [UInt8], vars: [UInt8]) throws(StoreError) -> UInt32? {
    let prefix = VersionKey.prefix(name: name, hash: hash)
    let cursor = try cursor(.versionsByHash)
    var entry = try cursor.seek(prefix)
    while let found = entry, found.starts(with: prefix) {
      let number = found.number32(at: prefix.count)
      if let version = try version(number), version.vars == vars { return number }
      entry = try cursor.next()
    }
    return nil
  }
}
