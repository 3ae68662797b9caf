package io.runnel.routing.forward;

import io.runnel.exec.task.NodeName;

import java.util.List;
import java.util.Locale;

/**
 * The header {@code CDN-Loop} (RFC 8586): each of our hops adds {@code runnel; node=ams}. A request
 * may pass a node once more, when a task calls another, but not a third time, and our network eight
 * times at most. Pure.
 */
final class CdnLoop {
    private static final String ID = "runnel";
    private static final int MOST_PASSES = 2;
    private static final int MOST_HOPS = 8;

    private CdnLoop() {}

    static String mark(NodeName node) {
        return ID + "; node=" + node;
    }

    /** Whether a request with these marks has gone round. */
    static boolean isClosed(List<String> values, NodeName node) {
        int hops = 0;
        int passes = 0;
        for (String value : values) {
            for (String mark : value.split(",", -1)) {
                String[] parts = mark.toLowerCase(Locale.ROOT).split(";", -1);
                if (parts[0].strip().equals(ID)) {
                    hops++;
                    passes += names(parts, node) ? 1 : 0;
                }
            }
        }
        return passes >= MOST_PASSES || hops >= MOST_HOPS;
    }

    private static boolean names(String[] parts, NodeName node) {
        for (String part : parts) {
            String parameter = part.replace(" ", "").replace("\"", "");
            if (parameter.equals("node=" + node)) {
                return true;
            }
        }
        return false;
    }
}
