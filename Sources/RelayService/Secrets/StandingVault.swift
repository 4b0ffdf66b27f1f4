internal import RelayModel
internal import RelayStore

/// The vault of a relay that does not run; empty where there is no store yet.
final class StandingVault: VaultReading {
  /// A running relay has the store.
  let isBusy: Bool
  private let store: Store?
  private let vault: Vault?

  init(_ configuration: Configuration) {
    guard LocalFile.exists("\(configuration.data)/data.mdb") else {
      (store, vault, isBusy) = (nil, nil, false)
      return
    }
    do throws(StoreError) {
      let opened = try Store.open(
        StoreConfiguration(
          directory: configuration.data, maxSize: configuration.storeLimit, access: .readOnly),
        time: SystemTime(), random: SystemRandom())
      (store, isBusy) = (opened, false)
      vault = Vault(store: opened, keyFile: configuration.keyFile, time: SystemTime())
    } catch {
      (store, vault, isBusy) = (nil, nil, true)
    }
  }

  deinit { store?.drainAndClose() }

  func value(of name: String) throws(SecretError) -> [UInt8]? { try vault?.value(of: name) }
}
