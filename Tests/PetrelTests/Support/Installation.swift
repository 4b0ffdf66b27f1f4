import Glibc
import RelayCrypto
import Synchronization

/// A relay's folder with one signed hook and one workflow, and the ports it listens on.
final class Installation: Sendable {
  static let secret = "a-secret-of-sixteen-or-more-bytes"

  let folder: Folder
  let port: UInt16
  let adminPort: UInt16

  /// - Parameters:
  ///   - workflow: the JSON text of a workflow that listens to `github`; nil for none.
  ///   - extra: lines of the configuration, before the hooks.
  ///   - hooks: more hooks, a line each.
  ///   - auth: who may use the admin interface.
  ///   - maxSize: what the store's file never passes.
  init(
    workflow: String? = nil, extra: String = "", hooks: [String] = [], auth: String = "none",
    maxSize: String = "1GiB"
  ) throws {
    folder = try Folder()
    port = try Self.freePort()
    adminPort = try Self.freePort()
    try folder.write(
      "petrel.yaml",
      """
      data: ./data
      listen: 127.0.0.1:\(port)
      admin: { listen: "127.0.0.1:\(adminPort)", auth: \(auth) }
      workflows: ./workflows
      store: { max_size: \(maxSize) }
      \(extra)
      hooks:
        github: { verify: { provider: github, secret: "plain:\(Self.secret)" } }
      \(hooks.map { "  " + $0 }.joined(separator: "\n"))

      """)
    try folder.write("workflows/.keep", "")
    if let workflow { try folder.write("workflows/test.json", workflow) }
  }

  var configuration: String { "\(folder.path)/petrel.yaml" }

  /// Starts the relay and waits until it is ready.
  ///
  /// - Parameters:
  ///   - environment: all variables that it has.
  ///   - wrapper: a command that starts it, in place of itself.
  func start(environment: [String: String] = [:], wrapper: [String] = []) throws -> RelayProcess {
    let process = try launch(environment: environment, wrapper: wrapper)
    guard waitUntilReady() else {
      process.destroy()
      throw RelayProcess.Failure.notReady((try? folder.read("relay.log")) ?? "no log")
    }
    return process
  }

  /// Starts the relay, and leaves it at that.
  func launch(environment: [String: String] = [:], wrapper: [String] = []) throws -> RelayProcess {
    try RelayProcess(
      ["serve", "--config", configuration], log: "\(folder.path)/relay.log", environment: environment,
      wrapper: wrapper)
  }

  /// Asks `/readyz` until it answers 200, for at most half a minute.
  func waitUntilReady() -> Bool { Self.isReady(port) }

  static func isReady(_ port: UInt16) -> Bool {
    let end = seconds() + 30
    while seconds() < end {
      if isUp(port) { return true }
      poll(nil, 0, 10)
    }
    return false
  }

  /// Whether it is ready now.
  var isUp: Bool { Self.isUp(port) }

  private static func isUp(_ port: UInt16) -> Bool {
    (try? Socket(port: port, patience: 2).exchange("GET", "/readyz"))?.status == 200
  }

  static func seconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The fields of a delivery that GitHub would send.
  static func signed(_ body: [UInt8], delivery: String) throws -> [(String, String)] {
    let mac = try HMACKey(.sha256, secret: Array(secret.utf8)).code(body)
    return [
      ("Content-Type", "application/json"), ("X-GitHub-Event", "push"), ("X-GitHub-Delivery", delivery),
      ("X-Hub-Signature-256", "sha256=\(Hex.text(mac))"),
    ]
  }

  /// A port that was free a moment ago.
  static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = Socket.loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard bound else { throw Socket.Failure.refused }
    return UInt16(bigEndian: address.sin_port)
  }
}
