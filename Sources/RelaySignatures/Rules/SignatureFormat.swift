/// How a signature, or several, stand in the value that carries them.
enum SignatureFormat: Sendable, Hashable {
  /// One value.
  case plain
  /// `t=1,v1=a,v1=b`: elements under one of `keys` are signatures, the others are fields. `groups`
  /// stands between runs that each have their own fields.
  case pairs(separator: UInt8, keys: [String], groups: UInt8?)
  /// `v1,<digest> v1,<digest>`: elements with another tag are left out.
  case tagged(separator: UInt8, tag: String)
  /// Digests without more.
  case list(separator: UInt8)
  /// `<timestamp>,<digest>,<digest>`.
  case positional
  /// `name|digest&name|digest`.
  case pipePairs
}
