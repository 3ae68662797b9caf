package io.runnel.exec.wasi;

import io.runnel.exec.task.OutboundHost;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request goes. Read by a narrow rule, so that nobody who reads it again can find another
 * host in it: no user, no address of IPv6, no escapes in the host.
 *
 * @param secure whether over TLS
 * @param host in small letters
 * @param target path and query
 */
public record OutboundUrl(boolean secure, String host, int port, String target) {
    static final int MOST_CHARACTERS = 8 * 1024;

    private static final Pattern URL =
            Pattern.compile(
                    "(https?)://([a-z0-9._-]{1,253})(?::([1-9]\\d{0,4}))?"
                            + "([/?][\\x21\\x22\\x24-\\x7e]*)?(?:#.*)?",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final int MOST_PORT = 65_535;

    /** Reads a URL; a fragment is left out. Nothing if it is none that a guest may use. */
    static Optional<OutboundUrl> parse(String text) {
        Matcher url = URL.matcher(text);
        if (text.length() > MOST_CHARACTERS || !url.matches()) {
            return Optional.empty();
        }
        boolean secure = url.group(1).length() == "https".length();
        String host = url.group(2).toLowerCase(Locale.ROOT);
        int port = url.group(3) == null ? (secure ? 443 : 80) : Integer.parseInt(url.group(3));
        if (!OutboundHost.isName(host) || port > MOST_PORT) {
            return Optional.empty();
        }
        String target = url.group(4) == null ? "/" : url.group(4);
        return Optional.of(
                new OutboundUrl(
                        secure, host, port, target.startsWith("/") ? target : "/" + target));
    }
}
