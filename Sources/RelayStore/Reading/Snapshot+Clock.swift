package import RelayModel

extension Snapshot {
  /// The latest instant of the engine's clock that was seen; `epoch` where none was.
  package func engineClock() throws(StoreError) -> Timestamp { try state().engineClock }
}
