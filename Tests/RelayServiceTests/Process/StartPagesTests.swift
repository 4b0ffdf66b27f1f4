import Testing

@testable import RelayService

struct StartPagesTests {
  private static func mapping(_ head: String, anonymous: Int) -> String {
    "\(head)\nSize:  4 kB\nRss:   4 kB\nAnonymous:    \(anonymous) kB\nVmFlags: rd mr mw me\n"
  }

  @Test(arguments: ["r-xp", "r--p"])
  func `an unchanged mapping of a file is let go`(_ rights: String) {
    let text = Self.mapping(
      "55d0c0000000-55d0c0002000 \(rights) 00000000 fe:00 1635   /usr/bin/petrel", anonymous: 0)
    #expect(StartPages.unchanged(in: text) == [0x55d0_c000_0000..<0x55d0_c000_2000])
  }

  @Test(arguments: [
    "7f0000000000-7f0000001000 rw-p 00000000 fe:00 1635   /usr/bin/petrel",
    "7f0000000000-7f0000001000 r--s 00000000 fe:00 1635   /var/lib/petrel/data.mdb",
    "7f0000000000-7f0000001000 r-xp 00000000 00:00 0      [vdso]",
    "7f0000000000-7f0000001000 r--p 00000000 00:00 0 ",
    "7f0000000000 r-xp 00000000 fe:00 1635   /usr/bin/petrel",
  ])
  func `what is written, shared or no file's stays`(_ head: String) {
    #expect(StartPages.unchanged(in: Self.mapping(head, anonymous: 0)).isEmpty)
  }

  @Test func `a table that was relocated stays`() {
    let head = "7f0000000000-7f0000001000 r--p 00000000 fe:00 1635   /usr/lib/libc.so.6"
    #expect(StartPages.unchanged(in: Self.mapping(head, anonymous: 4)).isEmpty)
  }

  @Test func `each mapping is judged by its own figures`() {
    let text =
      Self.mapping("1000-2000 r--p 00000000 fe:00 1   /a", anonymous: 4)
      + Self.mapping("2000-3000 r-xp 00000000 fe:00 1   /a", anonymous: 0)
      + Self.mapping("3000-4000 rw-p 00000000 fe:00 1   /a", anonymous: 0)
    #expect(StartPages.unchanged(in: text) == [0x2000..<0x3000])
  }

  @Test func `a process lives on without the pages that it gave back`() {
    #expect(StartPages.giveBack() > 0)
    #expect(StartPages.giveBack() > 0)
  }
}
