/// Arguments that begin with three dashes are values, a PEM text for example; the parser calls them
/// invalid options wherever they stand by themselves.
enum DashedValues {
  /// `--secret -----BEGIN…` as `--secret=-----BEGIN…`.
  static func joined(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    for argument in arguments {
      if argument.hasPrefix("---"), let option = joined.last, option.hasPrefix("--"), !option.contains("=") {
        joined[joined.count - 1] = "\(option)=\(argument)"
      } else {
        joined.append(argument)
      }
    }
    return joined
  }
}
