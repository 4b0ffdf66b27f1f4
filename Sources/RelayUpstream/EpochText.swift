internal import RelayModel

/// The name of an epoch: sixteen hexadecimal digits, drawn anew each time.
enum EpochText {
  static func make(_ random: any RandomSource) -> String {
    let digits = String(random.bits(), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
