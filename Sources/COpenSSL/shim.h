#pragma once
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/// RSASSA-PSS; a signature's salt may have any length. The two calls are macros in some versions of
/// OpenSSL, which Swift does not see.
static inline int petrel_pkey_ctx_use_pss(EVP_PKEY_CTX *context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_AUTO) == 1;
}

/// `EVP_MAC_init` of a new HMAC context. A parameter keeps the address of its name: of a Swift string, that
/// would be gone after the call that made the parameter.
static inline int petrel_hmac_begin(EVP_MAC_CTX *context, const char *digest, const unsigned char *key, size_t count) {
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
      OSSL_PARAM_construct_end(),
  };
  return EVP_MAC_init(context, key, count, parameters);
}
