internal import RelayDocuments

extension Transforms {
  /// Rows 26 to 29: arithmetic, exact in decimal digits.
  static let numbers: [Transform] = [
    Transform(
      26, "math", "Arithmetic with the number given.",
      [
        .required("op", .choice(["add", "sub", "mul", "div", "mod", "min", "max", "abs", "pow"])),
        .optional("x", .number),
      ], math),
    Transform(
      27, "round", "Rounded to so many digits after the point.",
      [
        .optional("places", .integer(-18...18), 0),
        .optional("mode", .choice(RoundingMode.names), "halfEven"),
      ], round),
    Transform(
      28, "formatNumber",
      "As text with a fixed number of digits after the point and groups of three before it.",
      [
        .optional("places", .integer(0...18), 0), .optional("group", .text, ","),
        .optional("decimal", .nonEmptyText, "."),
      ], formatNumber),
    Transform(
      29, "currency", "As text with the currency's code and its number of digits.",
      [.required("code", .currency)], currency),
    Transform(
      29, "toMinor", "An amount in the currency's smallest unit.", [.required("code", .currency)], toMinor),
    Transform(
      29, "fromMinor", "An amount from the currency's smallest unit.", [.required("code", .currency)],
      fromMinor),
  ]

  @Sendable private static func math(_ input: TransformInput) throws(TransformError) -> JSON? {
    let value = try input.decimal()
    if input.text(0) == "abs" { return value.magnitude.json }
    guard let x = input.decimal(1) else { throw TransformError("\(input.text(0)) needs x") }
    let result: Decimal =
      switch input.text(0) {
      case "add": try value.adding(x)
      case "sub": try value.adding(x.negated)
      case "mul": try value.multiplied(by: x)
      case "div": try value.divided(by: x)
      case "mod": try value.remainder(by: x)
      case "min": min(value, x)
      case "max": max(value, x)
      default: try value.raised(to: x)
      }
    return result.json
  }

  @Sendable private static func round(_ input: TransformInput) throws(TransformError) -> JSON? {
    let mode = RoundingMode(rawValue: input.text(1)) ?? .halfEven
    return try input.decimal().rounded(places: input.int(0), mode).json
  }

  @Sendable private static func formatNumber(_ input: TransformInput) throws(TransformError) -> JSON? {
    let text = try grouped(try input.decimal(), places: input.int(0), group: input.text(1), input.text(2))
    return .string(text)
  }

  @Sendable private static func currency(_ input: TransformInput) throws(TransformError) -> JSON? {
    let places = Currency.places(of: input.text(0)) ?? 2
    return .string("\(input.text(0)) \(try grouped(try input.decimal(), places: places, group: ",", "."))")
  }

  @Sendable private static func toMinor(_ input: TransformInput) throws(TransformError) -> JSON? {
    let minor = try input.decimal().shifted(by: Currency.places(of: input.text(0)) ?? 2)
    guard minor.places == 0 else {
      throw TransformError("the amount has more digits than \(input.text(0)) has; use round first")
    }
    return minor.json
  }

  @Sendable private static func fromMinor(_ input: TransformInput) throws(TransformError) -> JSON? {
    let minor = try input.decimal()
    guard minor.places == 0 else { throw TransformError("the smallest unit has no fraction") }
    let unit = try Decimal.one.shifted(by: Currency.places(of: input.text(0)) ?? 2)
    return try minor.divided(by: unit).json
  }

  private static func grouped(
    _ value: Decimal, places: Int, group: String, _ point: String
  ) throws(TransformError) -> String {
    let parts = try value.rounded(places: places, .halfEven).text(places: places).split(separator: ".")
    let digits = parts[0].drop { $0 == "-" }
    var whole = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { whole += group }
      whole.append(digit)
    }
    return (parts[0].first == "-" ? "-" : "") + whole + (parts.count > 1 ? point + parts[1] : "")
  }
}

/// The currencies of ISO 4217 in use, by the number of their digits after the point.
enum Currency {
  /// Nil for what is no currency.
  static func places(of code: String) -> Int? { table[code] }

  private static let table: [String: Int] = {
    var table: [String: Int] = [:]
    for (places, codes) in [(0, none), (2, two), (3, three), (4, four)] {
      for code in codes.split(whereSeparator: \.isWhitespace) { table[String(code)] = places }
    }
    return table
  }()

  private static let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
  private static let three = "BHD IQD JOD KWD LYD OMR TND"
  private static let four = "CLF UYW"
  private static let two = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
    CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF \
    IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN \
    MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS \
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
    """
}
