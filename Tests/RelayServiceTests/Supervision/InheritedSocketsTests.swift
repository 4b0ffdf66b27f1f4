import Glibc
import Testing

@testable import RelayService

@Suite struct InheritedSocketsTests {
  @Test(
    arguments: [
      (["hooks", "admin"], 0, 1), (["admin", "hooks"], 1, 0), (["hooks"], 0, nil), (["admin"], nil, 0),
      (["unknown"], 0, nil), (["petrel.socket", "petrel.socket"], 0, 1), ([], nil, nil),
    ] as [([String], Int?, Int?)])
  func `a socket is whose name it bears, and by order where no name is known`(
    names: [String], hooks: Int?, admin: Int?
  ) throws {
    let places = try InheritedSockets.places(of: names)
    #expect(places.hooks == hooks)
    #expect(places.admin == admin)
  }

  @Test(arguments: [
    ["hooks", "hooks"], ["hooks", "metrics"], ["a", "b", "c"], ["hooks", "admin", "admin"],
  ])
  func `sockets of which it is unclear whose they are stop the start, by their names`(names: [String]) {
    do {
      _ = try InheritedSockets.places(of: names)
      Issue.record("it is clear")
    } catch {
      #expect(error.description.contains(names.joined(separator: ", ")))
    }
  }

  @Test func `only what is meant for this process counts`() {
    let meant = ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "hooks:admin"]
    #expect(InheritedSockets.names(meant, process: 7) == ["hooks", "admin"])
    #expect(InheritedSockets.names(meant, process: 8).isEmpty)
    #expect(InheritedSockets.names(["LISTEN_PID": "7", "LISTEN_FDS": "-1"], process: 7).isEmpty)
    #expect(InheritedSockets.names(["LISTEN_PID": "7", "LISTEN_FDS": "x"], process: 7).isEmpty)
    #expect(InheritedSockets.names([:], process: 7).isEmpty)
    #expect(
      InheritedSockets.names(["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": ":a"], process: 7) == [
        "unknown", "a",
      ])
  }

  @Test func `without sockets the environment stays as it is`() throws {
    let environment = ["PETREL_LISTEN": "127.0.0.1:1", "LISTEN_PID": "1", "LISTEN_FDS": "1"]
    #expect(try InheritedSockets(environment: environment).overriding(environment) == environment)
  }
}
