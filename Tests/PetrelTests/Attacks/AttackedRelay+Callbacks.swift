/// Runs at the end of the test process.
func endAttackedRelay() {
  if case .success(let relay) = AttackedRelay.shared { relay.end() }
}
