/// A random document of branches, and the keys of the requests that it comes to.
struct StormPlan {
  let document: String
  private(set) var keys: Set<String> = []

  private static let loopTurns = 3

  init(_ random: inout StormRandom) {
    var keys: Set<String> = []
    let steps = Self.steps(&random, depth: 0, at: [""], items: [], &keys)
    document = #"{"name":"sample","on":{"hook":"inbox"},"steps":\#(steps)}"#
    self.keys = keys
  }

  /// - Parameters:
  ///   - at: what the paths of these steps begin with, one for each turn of the loops around.
  ///   - items: the names of those loops' elements.
  private static func steps(
    _ random: inout StormRandom, depth: Int, at bases: [String], items: [String], _ keys: inout Set<String>
  ) -> String {
    let count = random.pick([1, 1, 2, 3])
    let steps = (0..<count).map { index in
      let id = "s\(depth)\(index)"
      let paths = bases.map { $0 + id }
      return "{\"id\":\"\(id)\",\(verb(&random, id, depth, paths, items, &keys))}"
    }
    return "[\(steps.joined(separator: ","))]"
  }

  private static func verb(
    _ random: inout StormRandom, _ id: String, _ depth: Int, _ paths: [String], _ items: [String],
    _ keys: inout Set<String>
  ) -> String {
    func inner(_ labels: [String], _ more: [String] = []) -> String {
      steps(
        &random, depth: depth + 1, at: paths.flatMap { path in labels.map { "\(path)\($0)/" } },
        items: items + more, &keys)
    }
    let mayNest = depth < 3 && keys.count < 60
    switch mayNest ? random.below(depth == 0 ? 6 : 10) : 10 + random.below(4) {
    case 0, 4, 5, 6:
      let names = ["left", "right", "third"].prefix(random.pick([2, 2, 3]))
      let branches = names.map { "\"\($0)\":\(inner(["/\($0)"]))" }
      return #""parallel":{\#(branches.joined(separator: ","))}"#
    case 3:
      let name = "i\(depth)"
      let body = inner((0..<loopTurns).map { "[\($0)]" }, [name])
      return
        #""forEach":{"in":"[0,1,2]","as":"\#(name)","concurrency":\#(random.pick([1, 2, 3])),"steps":\#(body)}"#
    case 7: return #""switch":[{"if":"false","steps":[{"id":"no","set":{}}]},{"steps":\#(inner(["/1"]))}]"#
    case 1, 10: return #""wait":"\#(random.pick(["1s", "1h"]))""#
    case 11: return #""set":{"v":1}"#
    default:
      keys.formUnion(paths)
      let shown = items.map { "{{ \($0) }}" }.joined(separator: "-")
      return #""http":{"method":"POST","url":"https://x.example/\#(id)","json":{"at":"\#(shown)"}}"#
    }
  }
}

/// SplitMix64: the same numbers for the same seed.
struct StormRandom {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }

  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}
