internal import RelayDocuments
internal import RelayModel

/// The table of transforms: what `transforms` of a mapping, CEL, `petrel check`, the schema and the
/// documentation know of them.
package enum Transforms {
  /// In the order of the documented set.
  package static let all: [Transform] =
    (text + patterns + markup + conversion + numbers + dates + choice + lists + objects + encoding).sorted {
      $0.row < $1.row
    }

  private static let byName: [String: Transform] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  package static func named(_ name: String) -> Transform? { byName[name] }

  /// The transform of that name; the error offers the nearest one.
  package static func known(_ name: String) throws(TransformError) -> Transform {
    if let transform = byName[name] { return transform }
    let word = String(name.prefix { $0.isLetter })
    if word != name, byName[word] != nil {
      throw TransformError("no transform \"\(name)\"; write the arguments as {\"\(word)\": …}")
    }
    let hint = nearest(to: name, among: all.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
    throw TransformError("no transform \"\(name)\"\(hint)")
  }
}
