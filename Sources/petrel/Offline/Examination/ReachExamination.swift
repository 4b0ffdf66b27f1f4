internal import RelayDocuments
internal import RelayHTTP
internal import RelayService
internal import RelayThreads

/// Whether the relay and what it speaks to can be reached.
enum ReachExamination {
  static func findings(_ configuration: Configuration, config: String) -> [Examination.Entry] {
    [relay(configuration, config)] + (configuration.upstream.map { [upstream($0)] } ?? [])
  }

  private static func relay(_ configuration: Configuration, _ config: String) -> Examination.Entry {
    do throws(CommandFailure) {
      let status = try HTTPConnection(.socket(configuration.socket, config: config)).get("/api/status")
      guard status["ready"]?.bool == true else {
        return Examination.Entry(
          .bad, "relay", "it runs and takes no events: \(status["obstacle"]?.string ?? "")",
          fix: "petrel status")
      }
      if let degraded = status["degraded"]?.string {
        return Examination.Entry(.warning, "relay", degraded, fix: "petrel dead-letters list")
      }
      return Examination.Entry(.good, "relay", "it takes events on \(status["listen"]?.string ?? "")")
    } catch {
      guard error.status == .unreachable else { return Examination.Entry(.bad, "relay", error.message) }
      return Examination.Entry(.warning, "relay", "it does not run", fix: "petrel serve --config \(config)")
    }
  }

  /// Any answer will do: the token is not tried.
  private static func upstream(_ upstream: Configuration.Upstream) -> Examination.Entry {
    let request = OutgoingRequest(
      method: "GET", url: upstream.url, timeout: .seconds(10), hostIsLiteral: true)
    let answers = Inbox<Result<HTTPAnswer, TransferError>>()
    do throws(TransferError) {
      let client = try HTTPClient(ClientConfiguration(), time: SystemTime())
      client.start(request) { answers.put($0) }
      guard let answer = answers.wait(atMost: .seconds(15)).first else {
        return Examination.Entry(.bad, "upstream", "\(upstream.url) gave no answer")
      }
      return Examination.Entry(.good, "upstream", "\(upstream.url) answers (\(try answer.get().status))")
    } catch {
      return Examination.Entry(
        .bad, "upstream", "\(upstream.url): \(error.message)", fix: "ends are kept and sent once it is back")
    }
  }
}
