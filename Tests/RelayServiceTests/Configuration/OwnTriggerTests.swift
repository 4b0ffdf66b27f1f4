import RelayDocuments
import RelayService
import Testing

@Suite struct OwnTriggerTests {
  private func found(_ url: String, listener: Listener = Listener(host: "127.0.0.1", port: 8080)) throws
    -> [String]
  {
    let folder = TestFolder()
    let file = try folder.write(
      "loop.json",
      """
      { "name": "loop", "on": { "hook": "github" },
        "steps": [ { "id": "send", "http": { "method": "POST", "url": "\(url)" } } ] }
      """)
    return WorkflowFolder.load(files: [file], hooks: KnownHooks(names: ["github"], listener: listener))
      .diagnostics.map(
        \.message)
  }

  @Test(arguments: [
    "http://127.0.0.1:8080/hooks/github", "http://localhost:8080/hooks/github?again=1",
    "http://[::1]:8080/hooks/github",
  ])
  func `a workflow that sends to its own hook is refused`(url: String) throws {
    #expect(
      try found(url) == [
        "step send sends to /hooks/github, which starts this workflow again and again: send to another hook, or run the "
          + "other workflow by its name"
      ])
  }

  @Test func `a listener on all addresses is known by the one that it has`() throws {
    #expect(
      try found("http://10.0.0.7:80/hooks/github", listener: Listener(host: "10.0.0.7", port: 80)).count == 1)
  }

  @Test(arguments: [
    "http://127.0.0.1:8080/hooks/stripe", "http://127.0.0.1:8081/hooks/github",
    "http://10.0.0.7:8080/hooks/github",
    "http://127.0.0.1:8080/hooks/{{ event.hook }}",
  ])
  func `a workflow that sends elsewhere is left alone`(url: String) throws {
    #expect(try found(url).isEmpty)
  }
}
