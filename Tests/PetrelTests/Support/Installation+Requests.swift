import Glibc
import RelayDocuments

extension Installation {
  /// Posts a delivery as GitHub would.
  func deliver(_ body: String, id: String) throws -> Message {
    let bytes = Array(body.utf8)
    return try Socket(port: port).exchange(
      "POST", "/hooks/github", fields: Self.signed(bytes, delivery: id), body: bytes)
  }

  /// What the admin interface says.
  func admin(_ target: String) throws -> JSON {
    try JSON.parse(Socket(port: adminPort).exchange("GET", target).body)
  }

  /// Runs a command on this installation to its end: its exit status and what it wrote.
  func command(_ arguments: String...) throws -> (status: Int32, output: String) {
    let name = arguments.joined(separator: "-").map { $0 == "/" ? "_" : $0 }
    let log = "command-\(String(name)).log"
    let process = try RelayProcess(
      arguments + ["--config", configuration], log: "\(folder.path)/\(log)")
    let status = process.wait()
    return (status, try folder.read(log))
  }

  /// Asks until `condition` holds, for at most half a minute.
  static func until(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = seconds() + 30
    while seconds() < end {
      if try condition() { return true }
      poll(nil, 0, 10)
    }
    return false
  }

  /// A workflow that posts to `sink`, with `text` in what it sends.
  static func workflow(to sink: Sink, text: String = "first") -> String {
    """
    { "name": "test", "on": { "hook": "github" },
      "steps": [ { "id": "send", "http": { "method": "POST", "url": "http://127.0.0.1:\(sink.port)/items",
        "json": { "text": "\(text)", "number": "{{ event.body.number }}" } } } ] }
    """
  }
}
