internal import CPresets
internal import RelayDocuments
internal import RelayModel

/// The presets that came with this build.
///
/// They stay text until one is asked for: a line of `presets.json` is one preset and begins with its
/// id, so that looking one up parses one line, and starting parses none.
package enum PresetCatalog {
  /// The preset that `name` stands for, by id or alias, without case.
  package static func preset(named name: String) throws(SignatureError) -> Preset {
    let wanted = name.lowercased()
    if let line = lines.first(where: { id(of: $0).elementsEqual(wanted.utf8) }), let preset = parse(line) {
      return try expanded(preset)
    }
    let all = lines.compactMap(parse)
    if let preset = all.first(where: { $0.aliases.contains(wanted) }) { return try expanded(preset) }
    throw .unknownProvider(name, suggestion: nearest(to: wanted, among: all.flatMap { [$0.id] + $0.aliases }))
  }

  /// Every preset, in alphabetical order of ids.
  package static func all() throws(SignatureError) -> [Preset] {
    var presets: [Preset] = []
    for line in lines {
      if let preset = parse(line) { presets.append(try expanded(preset)) }
    }
    return presets
  }

  /// A preset whose `verify` is the name of another takes over that one's.
  private static func expanded(_ preset: Preset) throws(SignatureError) -> Preset {
    guard let other = preset.entry["verify"]?.string, var entry = preset.entry.object else { return preset }
    entry["verify"] = try self.preset(named: other).entry["verify"]
    return Preset(entry: .object(entry)) ?? preset
  }

  private static func parse(_ line: ArraySlice<UInt8>) -> Preset? {
    do {
      return Preset(entry: try JSON.parse(line.span))
    } catch {
      // The file is ours; a test parses every line of it.
      return nil
    }
  }

  private static let opening = Array(#"{"id":""#.utf8)

  /// The id that a line begins with; empty for a line that is no preset.
  private static func id(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    line.dropFirst(opening.count).prefix { $0 != UInt8(ascii: "\"") }
  }

  private static let lines: [ArraySlice<UInt8>] = {
    var size = 0
    guard let start = unsafe petrel_presets(&size) else { return [] }
    let text = unsafe Array(UnsafeBufferPointer(start: start, count: size))
    return text.split(separator: 10)
      .filter { $0.starts(with: opening) }
      .map { $0.last == UInt8(ascii: ",") ? $0.dropLast() : $0 }
  }()
}
