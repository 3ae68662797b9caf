// Proves who it is: a document of this very call, signed by the node that runs it, for whoever is
// named as audience. They check it with the network's root certificate and ask nobody:
//
//   ./runnel attest verify - --root ca.pem --audience https://bank.example --nonce n-0S6
#include "../cgi.h"
#include "../runnel.h"

static void fail(const char *status, const char *why) {
  put_text("Status: ");
  put_text(status);
  put_text("\nContent-Type: text/plain; charset=utf-8\n\n");
  put_text(why);
  put_byte('\n');
}

int main(void) {
  static char document[16384];
  slice audience = query("audience");
  slice nonce = query("nonce");
  int32_t length = runnel_identity_document(audience.at, audience.length, nonce.at, nonce.length,
                                            document, sizeof document);
  if (length == RUNNEL_INVALID) {
    fail("400", "An audience is up to 256 printable characters, a nonce up to 128 letters.");
  } else if (length < 0 || (size_t)length > sizeof document) {
    fail("503", "Nobody has certified this node yet.");
  } else {
    put_text("Content-Type: application/jwt\nCache-Control: no-store\n\n");
    put((slice){document, (size_t)length});
    put_byte('\n');
  }
  put_end();
  return 0;
}
