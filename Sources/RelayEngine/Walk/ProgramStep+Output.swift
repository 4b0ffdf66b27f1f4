internal import RelayDocuments
internal import RelayWorkflow

/// What the turns of a loop or the branches of a `parallel` come to together.
extension ProgramStep {
  /// The outputs in order as JSON text: a list for a loop, an object by branch for a `parallel`.
  func output(of turns: [[UInt8]?]) -> [UInt8] {
    var names: [[UInt8]]?
    if case .parallel(let branches) = step.verb { names = branches.map { JSON.string($0.name).serialized() } }
    var text: [UInt8] = [UInt8(ascii: names == nil ? "[" : "{")]
    text.reserveCapacity(turns.reduce(2) { $0 + ($1?.count ?? 4) + 1 })
    for (index, output) in turns.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      if let names, index < names.count {
        text.append(contentsOf: names[index])
        text.append(UInt8(ascii: ":"))
      }
      text.append(contentsOf: output ?? Array("null".utf8))
    }
    text.append(UInt8(ascii: names == nil ? "]" : "}"))
    return text
  }
}
