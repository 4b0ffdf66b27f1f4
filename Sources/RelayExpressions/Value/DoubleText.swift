/// How doubles are written.
enum DoubleText {
  /// The shortest decimal that reads back as the same double: plain from 1e-6 up to 1e21, then with an
  /// exponent; a whole number has no point.
  static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return special(value) }
    let (digits, point) = significant(value)
    if point > 21 || point < -5 {
      let exponent = point - 1
      let mantissa = digits.count > 1 ? digits.prefix(1) + "." + digits.dropFirst() : digits
      return sign(value) + mantissa + "e" + (exponent < 0 ? "-" : "+") + twoDigits(exponent.magnitude)
    }
    return sign(value) + plain(digits, point)
  }

  /// The same without an exponent, whatever its length.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite else { return special(value) }
    let (digits, point) = significant(value)
    return sign(value) + plain(digits, point)
  }

  /// With exactly `places` digits after the point, halves to the even digit.
  static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return special(value) }
    let exact = ExactDecimal(value)
    let (digits, point) = exact.rounded(to: exact.point + places)
    return sign(value) + layout(digits, point, places)
  }

  /// With one digit before the point, `places` after it, and an exponent.
  static func scientific(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return special(value) }
    let exact = ExactDecimal(value)
    guard value != 0 else { return sign(value) + layout([], 0, places) + "e+00" }
    let (digits, point) = exact.rounded(to: places + 1)
    let exponent = point - 1
    return sign(value) + layout(digits, 1, places) + "e" + (exponent < 0 ? "-" : "+")
      + twoDigits(exponent.magnitude)
  }

  static func special(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
  }

  private static func sign(_ value: Double) -> String { value.sign == .minus ? "-" : "" }

  private static func twoDigits(_ number: UInt) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The significant digits, and how many of them stand before the point.
  private static func significant(_ value: Double) -> (digits: String, point: Int) {
    let text = "\(value.magnitude)"
    let parts = text.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let all = mantissa[0] + fraction
    let leading = all.prefix { $0 == "0" }.count
    var digits = String(all.dropFirst(leading))
    while digits.hasSuffix("0") { digits.removeLast() }
    guard !digits.isEmpty else { return ("0", 1) }
    return (digits, mantissa[0].count - leading + exponent)
  }

  private static func plain(_ digits: String, _ point: Int) -> String {
    if point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
    if digits.count <= point { return digits + String(repeating: "0", count: point - digits.count) }
    return digits.prefix(point) + "." + digits.dropFirst(point)
  }

  private static func layout(_ digits: [UInt8], _ point: Int, _ places: Int) -> String {
    func digit(_ index: Int) -> UInt8 { digits.indices.contains(index) ? digits[index] + 48 : 48 }
    var text: [UInt8] = point <= 0 ? [48] : (0..<point).map(digit)
    if places > 0 {
      text.append(UInt8(ascii: "."))
      for place in 0..<places { text.append(digit(point + place)) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Every decimal digit of a double: each double is a finite decimal.
struct ExactDecimal {
  /// Without leading zeros; empty for zero.
  let digits: [UInt8]
  /// How many digits stand before the point; negative where zeros follow it.
  let point: Int

  /// - Parameter value: finite; its sign is passed over.
  init(_ value: Double) {
    let magnitude = value.magnitude
    guard magnitude > 0 else {
      digits = []
      point = 0
      return
    }
    // magnitude = mantissa · 2^power, with a whole mantissa.
    let isNormal = magnitude.exponentBitPattern != 0
    let mantissa = magnitude.significandBitPattern | (isNormal ? 1 << 52 : 0)
    let power = (isNormal ? Int(magnitude.exponentBitPattern) : 1) - 1075
    var limbs = Limbs(mantissa)
    // A half is five tenths: 2^-n = 5^n · 10^-n.
    for _ in 0..<abs(power) { limbs.multiply(by: power < 0 ? 5 : 2) }
    digits = limbs.decimal
    point = digits.count + min(power, 0)
  }

  /// The first `count` digits, rounded with halves to even, and where the point is then.
  func rounded(to count: Int) -> (digits: [UInt8], point: Int) {
    guard count < digits.count else { return (digits, point) }
    guard count >= 0 else { return ([], point) }
    var kept = Array(digits[..<count])
    let rest = digits[count...]
    let isHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
    let isUp = isHalf ? (kept.last ?? 0) % 2 == 1 : (rest.first ?? 0) >= 5
    guard isUp else { return (kept, point) }
    var place = count - 1
    while place >= 0, kept[place] == 9 {
      kept[place] = 0
      place -= 1
    }
    if place >= 0 {
      kept[place] += 1
      return (kept, point)
    }
    return ([1] + kept, point + 1)
  }

  /// A natural number in limbs of nine decimal digits, the least first.
  private struct Limbs {
    private var limbs: [UInt32]

    init(_ value: UInt64) {
      limbs = [
        UInt32(value % 1_000_000_000), UInt32(value / 1_000_000_000 % 1_000_000_000),
      ]
    }

    mutating func multiply(by factor: UInt64) {
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = UInt64(limbs[index]) * factor + carry
        limbs[index] = UInt32(product % 1_000_000_000)
        carry = product / 1_000_000_000
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
    }

    var decimal: [UInt8] {
      var digits: [UInt8] = []
      for limb in limbs.reversed() {
        var rest = limb
        var group = [UInt8](repeating: 0, count: 9)
        for index in group.indices.reversed() {
          group[index] = UInt8(rest % 10)
          rest /= 10
        }
        digits.append(contentsOf: group)
      }
      return Array(digits.drop { $0 == 0 })
    }
  }
}
