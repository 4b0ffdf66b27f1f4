internal import RelayDocuments

/// A decimal number, exact to 36 digits: 0.1 and 0.2 are 0.3. Never infinite and never no number.
struct Decimal: Hashable, Sendable {
  /// The value is `coefficient / 10^scale`; no zero ends the coefficient where the scale is above zero.
  private let coefficient: Int128
  private let scale: Int

  static let zero = Decimal(0, scale: 0)
  static let one = Decimal(1, scale: 0)
  /// The most digits of a coefficient.
  static let maxDigits = 36
  private static let limit = power(maxDigits)

  private init(_ coefficient: Int128, scale: Int) {
    var (coefficient, scale) = (coefficient, scale)
    while scale > 0, coefficient % 10 == 0 {
      coefficient /= 10
      scale -= 1
    }
    self.coefficient = coefficient
    self.scale = scale
  }

  /// Nil where the digits are too many.
  private init?(checking coefficient: Int128, scale: Int) {
    self.init(coefficient, scale: scale)
    guard self.coefficient.magnitude < Self.limit.magnitude, self.scale <= Self.maxDigits else { return nil }
  }

  init(_ value: Int) { self.init(Int128(value), scale: 0) }

  /// A JSON number; nil for another value and for a number of too many digits.
  init?(_ json: JSON) {
    guard case .number(let number) = json else { return nil }
    self.init(text: number.text)
  }

  /// Text that is known to be a number: sign, digits, point, exponent.
  init?(text: String) {
    let parts = text.split { $0 == "e" || $0 == "E" }
    guard let mantissa = parts.first, let exponent = parts.count > 1 ? Int(parts[1]) : 0 else { return nil }
    var (value, scale, isFraction): (Int128, Int, Bool) = (0, 0, false)
    var zeros = 0
    for byte in mantissa.utf8 {
      if byte == UInt8(ascii: ".") { isFraction = true }
      guard (48...57).contains(byte) else { continue }
      if isFraction { scale += 1 }
      // Zeros at the end of a fraction cost no digits.
      if byte == 48, isFraction {
        zeros += 1
        continue
      }
      for _ in 0..<zeros {
        value *= 10
        if value >= Self.limit { return nil }
      }
      zeros = 0
      value = value * 10 + Int128(byte - 48)
      if value >= Self.limit { return nil }
    }
    scale -= zeros
    if mantissa.utf8.first == UInt8(ascii: "-") { value = -value }
    scale -= exponent
    if value == 0 { scale = 0 }
    guard (-Self.maxDigits...3 * Self.maxDigits).contains(scale) else { return nil }
    while scale < 0 {
      value *= 10
      scale += 1
      if value.magnitude >= Self.limit.magnitude { return nil }
    }
    self.init(checking: value, scale: scale)
  }

  var isNegative: Bool { coefficient < 0 }
  /// How many digits stand after the point.
  var places: Int { scale }
  var int64: Int64? { scale == 0 ? Int64(exactly: coefficient) : nil }
  var negated: Decimal { Decimal(-coefficient, scale: scale) }
  var magnitude: Decimal { isNegative ? negated : self }
  var json: JSON { .number(JSONNumber(text: text)) }

  /// Digits and a point; no exponent, no zero at the end of a fraction.
  var text: String { text(places: scale) }

  /// With exactly so many digits after the point, at least as many as there are.
  func text(places: Int) -> String {
    var digits = String(coefficient.magnitude)
    if digits.utf8.count <= scale {
      digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
    }
    let whole = digits.dropLast(scale)
    let fraction = digits.suffix(scale) + String(repeating: "0", count: max(0, places - scale))
    return (isNegative ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  static func power(_ exponent: Int) -> Int128 { (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 } }
}

extension Decimal {
  func adding(_ other: Decimal) throws(TransformError) -> Decimal {
    let (a, b, scale) = try aligned(with: other)
    return try Self.checked(a.addingReportingOverflow(b), scale)
  }

  func multiplied(by other: Decimal) throws(TransformError) -> Decimal {
    try Self.checked(coefficient.multipliedReportingOverflow(by: other.coefficient), scale + other.scale)
  }

  /// To 18 digits after the point where they fit, half to even.
  func divided(by other: Decimal) throws(TransformError) -> Decimal {
    guard other.coefficient != 0 else { throw TransformError("division by zero") }
    let (a, b, _) = try aligned(with: other)
    // The step away from zero is the quotient's; the sign of the rest is the dividend's.
    let sign: Int128 = (a < 0) == (b < 0) ? 1 : -1
    // Large numbers leave room for fewer digits after the point.
    for places in stride(from: 18, through: 0, by: -1) {
      let scaled = a.multipliedReportingOverflow(by: Self.power(places))
      guard !scaled.overflow else { continue }
      let (quotient, rest) = scaled.partialValue.quotientAndRemainder(dividingBy: b)
      let step = RoundingMode.halfEven.step(
        quotient: quotient, rest: Int128(rest.magnitude) * sign, unit: Int128(b.magnitude))
      if let result = Decimal(checking: quotient + step, scale: places) { return result }
    }
    throw Self.tooLarge
  }

  /// The rest of a division whose quotient is cut to a whole number; has the sign of the dividend.
  func remainder(by other: Decimal) throws(TransformError) -> Decimal {
    guard other.coefficient != 0 else { throw TransformError("division by zero") }
    let (a, b, scale) = try aligned(with: other)
    return Decimal(a % b, scale: scale)
  }

  /// `other` must be a whole number from -1000 to 1000.
  func raised(to other: Decimal) throws(TransformError) -> Decimal {
    guard let exponent = other.int64, (-1000...1000).contains(exponent) else {
      throw TransformError("the exponent must be a whole number from -1000 to 1000")
    }
    var result = Decimal.one
    for _ in 0..<exponent.magnitude { result = try result.multiplied(by: self) }
    return exponent < 0 ? try Decimal.one.divided(by: result) : result
  }

  func rounded(places: Int, _ mode: RoundingMode) throws(TransformError) -> Decimal {
    guard scale > places else { return self }
    guard scale - places <= 37 else { return .zero }
    let unit = Self.power(scale - places)
    let (quotient, rest) = coefficient.quotientAndRemainder(dividingBy: unit)
    let whole = quotient + mode.step(quotient: quotient, rest: rest, unit: unit)
    return places >= 0
      ? Decimal(whole, scale: places)
      : try Self.checked(whole.multipliedReportingOverflow(by: Self.power(-places)), 0)
  }

  /// 10 to the power of `places` times the value.
  func shifted(by places: Int) throws(TransformError) -> Decimal {
    if places <= scale { return Decimal(coefficient, scale: scale - places) }
    return try Self.checked(coefficient.multipliedReportingOverflow(by: Self.power(places - scale)), 0)
  }

  private static let tooLarge = TransformError("the result has more than 36 digits")

  private static func checked(
    _ result: (partialValue: Int128, overflow: Bool), _ scale: Int
  ) throws(TransformError) -> Decimal {
    guard !result.overflow, let value = Decimal(checking: result.partialValue, scale: scale) else {
      throw tooLarge
    }
    return value
  }

  private func aligned(with other: Decimal) throws(TransformError) -> (Int128, Int128, scale: Int) {
    let common = max(scale, other.scale)
    let a = coefficient.multipliedReportingOverflow(by: Self.power(common - scale))
    let b = other.coefficient.multipliedReportingOverflow(by: Self.power(common - other.scale))
    guard !a.overflow, !b.overflow else { throw Self.tooLarge }
    return (a.partialValue, b.partialValue, common)
  }
}

extension Decimal: Comparable {
  static func < (a: Decimal, b: Decimal) -> Bool {
    guard a.isNegative == b.isNegative else { return a.isNegative }
    let unitA = power(a.scale)
    let unitB = power(b.scale)
    let wholeA = a.coefficient / unitA
    let wholeB = b.coefficient / unitB
    guard wholeA == wholeB else { return wholeA < wholeB }
    let restA = a.coefficient % unitA
    let restB = b.coefficient % unitB
    let common = max(a.scale, b.scale)
    return restA * power(common - a.scale) < restB * power(common - b.scale)
  }
}

/// Which way a number is rounded.
enum RoundingMode: String, CaseIterable, Sendable {
  case halfEven, halfUp, floor, ceil
  /// Cut; not offered by name.
  case towardZero

  static let names = [halfEven, halfUp, floor, ceil].map(\.rawValue)

  /// What is added to a quotient that was cut towards zero.
  func step(quotient: Int128, rest: Int128, unit: Int128) -> Int128 {
    guard rest != 0 else { return 0 }
    let away: Int128 = rest < 0 ? -1 : 1
    switch self {
    case .towardZero: return 0
    case .floor: return rest < 0 ? -1 : 0
    case .ceil: return rest > 0 ? 1 : 0
    case .halfUp: return rest.magnitude >= unit.magnitude - rest.magnitude ? away : 0
    case .halfEven:
      let left = unit.magnitude - rest.magnitude
      if rest.magnitude == left { return quotient % 2 == 0 ? 0 : away }
      return rest.magnitude > left ? away : 0
    }
  }
}
