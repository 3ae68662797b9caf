package io.runnel.routing.forward;

import io.runnel.exec.http.Origin;
import io.runnel.exec.task.NodeName;

/**
 * What a node that forwards says in {@code Forwarded} (RFC 7239): who called, and by which name.
 * Pure.
 */
public final class ForwardedBy {
    private static final int LONGEST_HOST = 255;

    private ForwardedBy() {}

    /**
     * Its element.
     *
     * @param node who forwards
     */
    public static String element(Origin origin, NodeName node) {
        StringBuilder text = new StringBuilder(64);
        text.append("for=").append(node(origin.client()));
        String authority = origin.authority();
        if (isPlain(authority)) {
            text.append(";host=\"").append(authority).append('"');
        }
        return text.append(";proto=")
                .append(origin.scheme())
                .append(";by=_")
                .append(node)
                .toString();
    }

    /** Names, addresses and ports; nothing that could end the quotes. */
    private static boolean isPlain(String authority) {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!letter && !(c >= '0' && c <= '9') && "._:[]-".indexOf(c) < 0) {
                return false;
            }
        }
        return !authority.isEmpty() && authority.length() <= LONGEST_HOST;
    }

    private static String node(String client) {
        if (client.isEmpty()) {
            return "unknown";
        }
        return client.indexOf(':') < 0 ? client : "\"[" + client + "]\"";
    }
}
