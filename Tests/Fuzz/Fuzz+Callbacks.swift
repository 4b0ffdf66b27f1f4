internal import Glibc

// What libFuzzer calls, which has the `main` of this program: `petrel-fuzz TARGET [its options] [corpus]` tries
// inputs until it is told to stop or one breaks an oracle; `petrel-fuzz seeds TARGET DIR` writes the inputs to
// begin with; `petrel-fuzz list` names the targets.

/// The target of this process.
private let chosen = CommandLine.arguments.dropFirst().first.flatMap(FuzzTarget.named)

/// Before anything else: libFuzzer takes the target's name for a corpus, unless it is taken out.
@_cdecl("LLVMFuzzerInitialize")
func beginFuzzing(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
  let words = CommandLine.arguments
  if words.dropFirst().first == "list" {
    for target in FuzzTarget.all { print(target.name) }
    exit(0)
  }
  if words.count == 4, words[1] == "seeds", let target = FuzzTarget.named(words[2]) {
    target.writeSeeds(to: words[3])
    exit(0)
  }
  guard chosen != nil else {
    print("petrel-fuzz list | seeds TARGET DIR | TARGET [-max_total_time=60] [corpus]")
    exit(64)
  }
  for index in 1..<Int(unsafe count.pointee) {
    unsafe arguments.pointee[index] = unsafe arguments.pointee[index + 1]
  }
  unsafe count.pointee -= 1
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
func tryInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  chosen?.attempt(input)
  return 0
}
