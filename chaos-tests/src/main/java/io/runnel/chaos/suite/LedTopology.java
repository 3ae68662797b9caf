package io.runnel.chaos.suite;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The topology of the network that the runner starts. */
final class LedTopology {
    private static final String RESOURCE = "network.yaml";
    private static final Pattern PLACE = Pattern.compile("<([a-z0-9/-]+/(?:internal|cluster))>");

    private LedTopology() {}

    /**
     * Its text.
     *
     * @param via says for each link that has a detour where that begins, {@code host:port}
     */
    static String text(Function<LinkName, String> via) {
        Matcher matcher = PLACE.matcher(Resources.text(RESOURCE));
        return matcher.replaceAll(
                found -> Matcher.quoteReplacement(via.apply(LinkName.parse(found.group(1)))));
    }
}
