import RelayDocuments
import RelayHTTP
import RelayIngress
import RelayModel
import RelayStore
import Synchronization
import Testing

@Suite struct ProviderAnswerTests {
  @Test func `a challenge is answered and leaves no event`() throws {
    let bench = try IngressBench(hooks: [.sample("dropbox", name: "files")])
    let response = try bench.send("GET", "/hooks/files?challenge=abc")
    #expect(response.status == 200)
    #expect(response.text == "abc")
    #expect(try bench.events.isEmpty)
    #expect(try bench.rejected.isEmpty)
  }

  @Test func `GET without a challenge is no event of a provider that sends challenges by GET`() throws {
    let bench = try IngressBench(hooks: [.sample("dropbox", name: "files")])
    let response = try bench.send("GET", "/hooks/files")
    #expect((400..<500).contains(response.status))
    #expect(try bench.events.isEmpty)
  }

  @Test func `a secret that the provider hands over is kept before the challenge is answered`() throws {
    let bench = try IngressBench(hooks: [.sample("asana", name: "tasks", secret: nil)])
    let response = try bench.send("POST", "/hooks/tasks", [("X-Hook-Secret", "handed-over-secret")])
    #expect((200..<300).contains(response.status))
    #expect(response.field("X-Hook-Secret") == "handed-over-secret")
    #expect(bench.surroundings.asked.withLock { $0.captured["tasks"] } == Array("handed-over-secret".utf8))
    #expect(try bench.events.isEmpty)
  }

  @Test func `a secret that cannot be kept is not acknowledged`() throws {
    let bench = try IngressBench(hooks: [.sample("asana", name: "tasks", secret: nil)])
    bench.surroundings.asked.withLock { $0.takesSecrets = false }
    let response = try bench.send("POST", "/hooks/tasks", [("X-Hook-Secret", "handed-over-secret")])
    #expect(response.status == 503)
  }

  @Test func `without a secret yet, everything but the challenge is refused`() throws {
    let bench = try IngressBench(hooks: [.sample("asana", name: "tasks", secret: nil)])
    let response = try bench.send("POST", "/hooks/tasks", [("X-Hook-Signature", "00")], body: "{}")
    #expect(response.status == 401)
    #expect(response.code == "no_matching_signature")
  }
}
