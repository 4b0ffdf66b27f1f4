internal import Glibc
internal import RelayModel

/// Gives back the pages of program and libraries that only starting has needed: reading the configuration and
/// the providers' table, relocating, a library's self-tests.
///
/// They are unchanged pages of files. Nothing is lost: what is called again is mapped again from the page
/// cache, sixteen pages at a fault.
enum StartPages {
  /// Once, when everything runs. Answers how many bytes of mappings were let go; zero where the system does
  /// not tell them.
  @discardableResult
  static func giveBack() -> Int {
    let text: [UInt8]
    do throws(LocalFile.Failure) {
      text = try LocalFile.read("/proc/self/smaps")
    } catch {
      // Without /proc the pages stay, and cost what they cost.
      return 0
    }
    return unchanged(in: String(decoding: text, as: UTF8.self)).reduce(0) { sum, range in
      let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound)
      return unsafe madvise(start, range.count, MADV_DONTNEED) == 0 ? sum + range.count : sum
    }
  }

  /// Where `smaps` tells of private mappings of files that may not be written and hold no page of the
  /// process's own: a relocated table does, and stays.
  static func unchanged(in smaps: String) -> [Range<UInt>] {
    var found: [Range<UInt>] = []
    var candidate: Range<UInt>?
    for line in smaps.utf8.split(separator: UInt8(ascii: "\n")) {
      let words = Substring(line).split(separator: " ", maxSplits: 5)
      if words.count == 6, words[0].contains("-") {
        let isFile = words[5].drop { $0 == " " }.hasPrefix("/")
        candidate = isFile && (words[1] == "r-xp" || words[1] == "r--p") ? range(words[0]) : nil
      } else if words.first == "Anonymous:" {
        if let candidate, words.dropFirst().first == "0" { found.append(candidate) }
        candidate = nil
      }
    }
    return found
  }

  private static func range(_ text: Substring) -> Range<UInt>? {
    let ends = text.split(separator: "-").map { UInt($0, radix: 16) }
    guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else { return nil }
    return start..<end
  }
}
