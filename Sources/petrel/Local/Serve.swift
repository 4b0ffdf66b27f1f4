internal import ArgumentParser
internal import RelayDocuments
internal import RelayService

struct Serve: PetrelCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the relay.",
    discussion: """
      Serves hooks and the admin interface until SIGTERM or SIGINT, then drains. SIGHUP or a changed file \
      reloads hooks and workflows; a broken change is refused with its errors, and the old one stays.

      A supervisor that speaks sd_notify is told of it all (NOTIFY_SOCKET, WATCHDOG_USEC), and may hand over \
      sockets that listen already, named hooks and admin (LISTEN_FDS, LISTEN_FDNAMES).

      EXAMPLES
        petrel serve --config /etc/petrel/petrel.yaml
      """)

  static let handlesInterruption = true

  @OptionGroup var place: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  func perform(_ console: Console) throws(CommandFailure) {
    ControlThread.blockSignals()
    CoreDumps.forbid()
    let sockets = try inheritedSockets()
    let loaded = try place.load(sockets.overriding(Environment.variables))
    for warning in loaded.warnings { console.message(warning.description) }
    let relay: Relay
    do throws(StartError) {
      relay = try Relay.start(
        configuration: place.path, environment: Environment.variables, sockets: sockets,
        log: LineLog(descriptor: 2, time: SystemTime()))
    } catch {
      // Each mistake begins its line with its place, so that editors find it.
      let isAboutFiles = error.messages.contains { $0.hasPrefix("\(place.path):") || $0.contains(".json:") }
      throw CommandFailure(
        ExitStatus(rawValue: error.exit.rawValue) ?? .failed,
        ((isAboutFiles ? ["the relay does not start:"] : []) + error.messages).joined(separator: "\n"))
    }
    console.stream(relay.greeting())
    let status = ExitStatus(rawValue: relay.run()) ?? .failed
    if status != .done { throw .silent(status) }
  }
  private func inheritedSockets() throws(CommandFailure) -> InheritedSockets {
    do throws(InheritedSockets.Failure) {
      return try InheritedSockets(environment: Environment.variables)
    } catch {
      throw CommandFailure(.badConfiguration, error.description)
    }
  }
}
