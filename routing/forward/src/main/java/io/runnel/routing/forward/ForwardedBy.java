package io.runnel.routing.forward;

import io.runnel.exec.http.Origin;
import io.runnel.exec.task.PopId;

import java.util.regex.Pattern;

/** What a POP says in {@code Forwarded} (RFC 7239): who called, and by which name. Pure. */
final class ForwardedBy {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");

    private ForwardedBy() {}

    static String element(Origin origin, PopId pop) {
        StringBuilder text = new StringBuilder(64);
        text.append("for=").append(node(origin.client()));
        if (HOST.matcher(origin.authority()).matches()) {
            text.append(";host=\"").append(origin.authority()).append('"');
        }
        return text.append(";proto=")
                .append(origin.scheme())
                .append(";by=_")
                .append(pop)
                .toString();
    }

    private static String node(String client) {
        if (client.isEmpty()) {
            return "unknown";
        }
        return client.indexOf(':') < 0 ? client : "\"[" + client + "]\"";
    }
}
