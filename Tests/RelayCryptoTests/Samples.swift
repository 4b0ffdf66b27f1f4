/// Keys of no value, and signatures over `message` made with them by the `openssl` command line.
enum Samples {
  static let message = Array("The quick brown relay".utf8)

  /// `openssl genpkey -algorithm ed25519`
  static let ed25519Private = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEICkmbHIBzWrpuTI18GlzrrqTi5CQ9S5prxlRfokDt5k4
    -----END PRIVATE KEY-----
    """

  /// `openssl pkey -pubout`
  static let ed25519Public = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEA/OrWYLo9VmtRqpyQA3gsGyCC19SmNsMVqpE2MHIaWB8=
    -----END PUBLIC KEY-----
    """

  /// `openssl pkeyutl -sign -rawin`
  static let ed25519Signature =
    "HPI4Y/pBVpeXPpyM2b7sEW6tQdy7S3y/u6TTjwVjgtxs3WypKmASsYwxxmHQSXi5ONoj2vwwx5yP0d+tmX3VDw=="

  /// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`
  static let p256Private = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGkrqTs94OxMVampr
    WZ5AECaIdaQU3RHShM+gD6iyryKhRANCAATfE7vFttwnbEqcwB1QHRDltrhcpFy7
    MVxg6oVHF+MbIPeqxKWQ4p3v7QnZjUHQAlW0SDLr7mbxX6zAh0zAvreI
    -----END PRIVATE KEY-----
    """

  /// The same key by `openssl ec`
  static let p256PrivateSEC1 = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIBpK6k7PeDsTFWpqa1meQBAmiHWkFN0R0oTPoA+osq8ioAoGCCqGSM49
    AwEHoUQDQgAE3xO7xbbcJ2xKnMAdUB0Q5ba4XKRcuzFcYOqFRxfjGyD3qsSlkOKd
    7+0J2Y1B0AJVtEgy6+5m8V+swIdMwL63iA==
    -----END EC PRIVATE KEY-----
    """

  /// `openssl pkey -pubout`
  static let p256Public = """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3xO7xbbcJ2xKnMAdUB0Q5ba4XKRc
    uzFcYOqFRxfjGyD3qsSlkOKd7+0J2Y1B0AJVtEgy6+5m8V+swIdMwL63iA==
    -----END PUBLIC KEY-----
    """

  /// `openssl dgst -sha256 -sign`
  static let p256Signature = """
    MEYCIQCxzABO2yFUsw9afuj71m4b/2baNvuSF2LKSLI29CRxDgIhAJYu1+BchPuGBfH4XkhUqgBC7HiRioPdu9/NIR\
    CDfwYf
    """

  /// `openssl dgst -sha1 -sign`
  static let p256SHA1Signature = """
    MEYCIQDhH/rc+vp6quWbG/4y3wlptEo0sOWMoM+4UFOKMH/CnAIhAPVhkzWLronaB6cjBI3kVeyaf6GxgA+h6ZOC4Q\
    Wl4Ca7
    """

  /// `openssl genrsa 2048`
  static let rsaPrivate = """
    -----BEGIN PRIVATE KEY-----
    MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC+AUEpRL344/E/
    LrdLIZS/ugMlQG48SfhEUjIhYd+S/3J8mkXNNC34pTBQxuuysz94HUT0oaow4gMz
    xpAuS0o05sW+38jw/G1xQg/1sAGqWhyuBQUgRALCsa6/nKeKSWj1BdDzji7F0fTM
    K3VrbWYnbOIxaaaJFlYij6kUPYe2DeZozacYfKDX3A4Id81XtfAqNpOky4CInTnn
    HJc1WGlczzqDhxWoelHPCSdGPaOkIVUkRQnVlsiQpi8VsyTzTe/ms4naforIoBmO
    wuPAYiErfuHC/PR/JqSAf64fRfBA+QKYHWSYiyGQTMbCOFnzrR35uiWJfnXhSyKy
    3lb44PTjAgMBAAECggEAAe52DC+QWfZuqb7VnSsfJsSnqtEP7dCJ08P4tlhOAOHC
    CWWDy/5wlXtGsPXO/ySyC7Dln1a4hUFoD+1SUFK7wQZYZPtoZU6/CcfrNgsYNc+d
    IAW+U8+RwHjG7eq4sG2LnTzj06u3RiX2K5lyWsTbblh0g1UUHNA29TqONGJlvdk7
    rQidCtCJzyGZAg/W08s+ENsrDCLjoOy/fB+prBbBk3uhEpQmGY9OuHtFShjDmniA
    kBgBuNn4tDtd7HZaZ9OpkHCeQ03sGPqTTNSrv27Ws+IMZ9MI1r5l/MSTL0Ggq4oy
    p/+8KypdXu2+E0pdwwdq/Z49m3HTSbFydNj6YUYSdQKBgQDzj5Dfd8fzw30aXEAT
    GcKgQQ2RpeIkn1ywtoa3y4LEBZ28LO8suiGqTbWH5uomH3qQN3oYXTYgrgTAc81z
    4CLbSBaqNSMBI/ZrP6u9x8jpySqFuTljW57Xy2b1ogtpms4rxFVVcp2ArVGDPEZ9
    /EDaXS6yJWvV/mLlZPAcybIwLwKBgQDHtXjqNh/ydLEFNH8wDJLVkXV1Nj31k78h
    L9CpIs0g9Aeykp4gbnNVxCLv1/akUhSgoV5ZveG+///Rc/tC1SqZ1h+N2wcs2tT+
    w+q1Zc4cIE4Lqq6zAvEbqfvkVRAs/0G8tElTcpNQMF3TOVyw6ibXs+VPAc9tREEj
    axPFG4yFjQKBgGOTrJ1QcXVd1UXztVaZz5KJRizn7x8d8F1nIoj+MUZHLYgDrv1Q
    U/c2siMP62cOs6NGqypO4ZRW0SaFsdfQKTARtwJ7mwYaV+LdMy/yAFhkoHfvlGDk
    0npTdJK0X4obenM2X9UBeRdkxNCs0f0sJq+gLTk0R3RD/tbef7SlWa6NAoGBAMb4
    sBqxiEzZJFFqR1oI/PZZcSwxubOF24RmDj+lU7iESXMKDw+C29hUjPZnNe3rdW/A
    tq80tsjEaA03v9uLZGFW66M62MBA2rtlWOAYKSzuprOK/3mM8cm9JyEL+wzJ2KX4
    /aFtYwYe2iwLV6VP9Rktu8ZmqFJWEYwHL/BPDUc1AoGAY76fWrsKSatOsVFfLiAL
    Syc5oHRqyT4JCqSXCVj12GtM35I8ssY6wpHCyg5PsizzOVGGROhpUbOG9hZ/GdBi
    xuSnxMYBZuVxYAOb/G3Gx1crFNQsG/AAre27eJigvXareFwCRhFj7xhXtxpMqz6J
    q/cEfZ17xvMe8EozjVu4TAs=
    -----END PRIVATE KEY-----
    """

  /// `openssl pkey -pubout`
  static let rsaPublic = """
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvgFBKUS9+OPxPy63SyGU
    v7oDJUBuPEn4RFIyIWHfkv9yfJpFzTQt+KUwUMbrsrM/eB1E9KGqMOIDM8aQLktK
    NObFvt/I8PxtcUIP9bABqlocrgUFIEQCwrGuv5yniklo9QXQ844uxdH0zCt1a21m
    J2ziMWmmiRZWIo+pFD2Htg3maM2nGHyg19wOCHfNV7XwKjaTpMuAiJ055xyXNVhp
    XM86g4cVqHpRzwknRj2jpCFVJEUJ1ZbIkKYvFbMk803v5rOJ2n6KyKAZjsLjwGIh
    K37hwvz0fyakgH+uH0XwQPkCmB1kmIshkEzGwjhZ860d+boliX514Usist5W+OD0
    4wIDAQAB
    -----END PUBLIC KEY-----
    """

  /// `openssl rsa -RSAPublicKey_out`
  static let rsaPublicPKCS1 = """
    -----BEGIN RSA PUBLIC KEY-----
    MIIBCgKCAQEAvgFBKUS9+OPxPy63SyGUv7oDJUBuPEn4RFIyIWHfkv9yfJpFzTQt
    +KUwUMbrsrM/eB1E9KGqMOIDM8aQLktKNObFvt/I8PxtcUIP9bABqlocrgUFIEQC
    wrGuv5yniklo9QXQ844uxdH0zCt1a21mJ2ziMWmmiRZWIo+pFD2Htg3maM2nGHyg
    19wOCHfNV7XwKjaTpMuAiJ055xyXNVhpXM86g4cVqHpRzwknRj2jpCFVJEUJ1ZbI
    kKYvFbMk803v5rOJ2n6KyKAZjsLjwGIhK37hwvz0fyakgH+uH0XwQPkCmB1kmIsh
    kEzGwjhZ860d+boliX514Usist5W+OD04wIDAQAB
    -----END RSA PUBLIC KEY-----
    """

  /// `openssl req -new -x509`
  static let rsaCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIC/zCCAeegAwIBAgIUYa5btGZdNNjngZCZ3O4GZskK0i4wDQYJKoZIhvcNAQEL
    BQAwDzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjUwODEwMTFaFw0zNjExMjIwODEw
    MTFaMA8xDTALBgNVBAMMBHRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
    AoIBAQC+AUEpRL344/E/LrdLIZS/ugMlQG48SfhEUjIhYd+S/3J8mkXNNC34pTBQ
    xuuysz94HUT0oaow4gMzxpAuS0o05sW+38jw/G1xQg/1sAGqWhyuBQUgRALCsa6/
    nKeKSWj1BdDzji7F0fTMK3VrbWYnbOIxaaaJFlYij6kUPYe2DeZozacYfKDX3A4I
    d81XtfAqNpOky4CInTnnHJc1WGlczzqDhxWoelHPCSdGPaOkIVUkRQnVlsiQpi8V
    syTzTe/ms4naforIoBmOwuPAYiErfuHC/PR/JqSAf64fRfBA+QKYHWSYiyGQTMbC
    OFnzrR35uiWJfnXhSyKy3lb44PTjAgMBAAGjUzBRMB0GA1UdDgQWBBT9a1/BSWB6
    bNVSC7VypJKHeFKbJTAfBgNVHSMEGDAWgBT9a1/BSWB6bNVSC7VypJKHeFKbJTAP
    BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBF2USya98OGtqlnbyz
    nevPtYMxqeLJYFqbdOQK6HxNKIiSa/zoMTB66sdzicQ1qypqKKS12kGhF4LtXjAo
    DSNpbGj0rsM/hNr1V8XrR9ho24sy8ZmWxWVSuFeYJLqewyUlOk1y7Ar2iRbmL03/
    +1EhT+V9xzQ2B3VkcXe5E7G7jVI5BWm3T4KOrWUZHe5N7cYxyCwFOirPBq14IpD9
    aCBmj2mXX4hOtOCroSY86vEZJdyuixnHJFpYnvbkxKxnUrP6TuDTIIriUs2XgUt4
    2aj1LAIO7i5+xkqV+W8TEIcVA5fquqtYZ0gKSDAQ6q8N0f8jtPLWi5aUUEad62/V
    abqW
    -----END CERTIFICATE-----
    """

  /// `openssl dgst -sha1 -sign`
  static let rsaSHA1Signature = """
    RvPdWiNWUrn/6JE4cF5/02UQi/gGKg5nozCGU3g75e6ije65cFnmGKHNghHHT69WcWDF+3yyMs1iJfmhdmSO+I7tGX\
    YwPt+OnRhC2ixRvNBUe1w+Er8oR/g1K0KAk5++o+cMx5h3Vg45h6oxgUOOgNsnAQEu5Q6oaG4C6EsaXHaLqosxUb3E\
    awhszxXHfR+MxWCwukzPBAYOeVMnuqu/Y/mFw0yE22F6gR9LNyC8phrc9ND6rr6Dg8GMMd4hYPvIjpRfSWglRHQLi6\
    KIccDiV8Qw0p4kK2iK7Rd/nUEV7XBf6zt7kjEGDt2qJEhc+WPU7WGIdsvrauiL3/s/47JwrQ==
    """

  /// `openssl dgst -sha256 -sign`
  static let rsaSHA256Signature = """
    MVIOhkp7EOwIZkDDYlpna1z6SC/B3csb/T5B4AnZ0/3Ka2zyicZ0yx0DMFqyYANUz4OPhICPVirDOnqnC5iHrEEtuB\
    2etOJVpHwDW1Bb32Jxq2/upz3dcS8l7PDRJjyNluN73FSN1K/DDVIO6oOZkotHczMowvdT80Q5XAh0Or7G6n5YLvyU\
    KcpsqGl9Y9zWhuhmpopQkIIdjkoMw1w+ytfRZ05BonbwTDa4TNYEIBnyoFV+IstZh/pOY+A5Lsk5sUc/v/n1CdNGVJ\
    L5GCjQzEoiBAI6Td/TYd/BCPThdsnkpyTXNYXr1gYHSVyrtIaabzLfcxHBQuje2Q3mUTEVTg==
    """

  /// `openssl dgst -sha512 -sign`
  static let rsaSHA512Signature = """
    mAF3eLdnjZtBFQJbAPTVbtHat4LTme3zIlUwBqfPrxOsCJEBW30rrtrJaBGy5yMrM6UD9PY4WcW9zTmzYgaKfmJ9i3\
    ax1Yf5RVDaM2Y26nWpWnpeJTCtyaq361WpEFXR7OT3H538QcjMsx7wS4vb9wnFJdpnGKT5HS1fjRqFXEsg8j1KR+Iu\
    UavsL/Lqqb7MN/wtrksbh8A+YplSYPO8aWs4kr2LdS7/cgpbm8+Lf2ty68tozSucT8VqQkn6rEtm9qFhTuKocmMb+9\
    toR9xzWzxDYqhA95830qaio6rEzjSFI/gyocUhs/DHHj+hPZq/CcRWV5W95ttTQ7q0xLQTdA==
    """

  /// `openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sign`
  static let rsaPSSSignature = """
    PF30jPEQ/1bMlhb7pKb8Obsr+2E/r8H7HoLZjPPnJKC8MGTyEEBMPjeBgIvWaTAfk6/IX2n6xkUuzoq7KfESR4s4Xa\
    gYRP5Xt5jk1qpLxE/VNS7Hf3TGAxIkK6cWT5CXAgpI1nb2LNCfnnBN0ZDYRnrxaVtggKYcCgD97xJ/9mx4iN0XFVHw\
    wyItij7Q4pM2TTuvJ7xsNNfeFNeB5bp8RPgpC/9NYLZSquV9ecKm9mfZpWEKagPnXzG+luKOqvKW2SzS2YZBfjjyvZ\
    vkgFKdDC0vp1qrdmJoxELAb7RGrY6iEPQjECspm7m0/yms8xcpILy6kEzFZZn7Kqo0LcFTyw==
    """

  /// A curve that no provider uses
  static let p384Public = """
    -----BEGIN PUBLIC KEY-----
    MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAExjjfiT06waiS91BXH8SA2MR5lQXJcRiR
    rFs1uuZvpD5kpdUGZBwRo5I9jgBhyYXdoUnzKIUbHfagHP+RszDFT8JM4PcjccdZ
    AwD4ztFF/1dTzdM31Tk9/5b5ELbsA3y9
    -----END PUBLIC KEY-----
    """
}
