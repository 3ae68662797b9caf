package io.runnel.attestation.identity;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds a key, as the URI that its certificate carries as its only subject alternative name of
 * that type: {@code runnel://NETWORK/ROLE/...}. The network is a label, as regions and nodes are.
 */
public sealed interface Identity {
    /** The network's name: what is signed in one is worth nothing in another. */
    String network();

    /** The URI. */
    String uri();

    /** The root, which is kept offline and certifies the authorities of regions. */
    record Root(String network) implements Identity {
        @Override
        public String uri() {
            return "runnel://%s/root".formatted(network);
        }
    }

    /** A region's authority, which certifies nodes. */
    record Authority(String network, RegionId region) implements Identity {
        @Override
        public String uri() {
            return "runnel://%s/authority/%s".formatted(network, region);
        }
    }

    /** A node of a region. */
    record RegionNode(String network, RegionId region, NodeName node) implements Identity {
        @Override
        public String uri() {
            return "runnel://%s/region/%s/%s".formatted(network, region, node);
        }
    }

    /** A POP, whichever region's authority certified it. */
    record Pop(String network, PopId pop) implements Identity {
        @Override
        public String uri() {
            return "runnel://%s/pop/%s".formatted(network, pop);
        }
    }

    /** Whoever starts nodes on a machine and measures what they run. */
    record Supervisor(String network, NodeName machine) implements Identity {
        @Override
        public String uri() {
            return "runnel://%s/supervisor/%s".formatted(network, machine);
        }
    }

    /** What a URI says, if it is one of these in the one way to write it. */
    static Optional<Identity> parse(String uri) {
        Matcher found = Uri.FORM.matcher(uri);
        if (!found.matches()) {
            return Optional.empty();
        }
        String network = found.group("network");
        String first = found.group("first");
        String second = found.group("second");
        return switch (found.group("role")) {
            case "root" -> first == null ? Optional.of(new Root(network)) : Optional.empty();
            case "region" ->
                    second == null
                            ? Optional.empty()
                            : Optional.of(
                                    new RegionNode(
                                            network, new RegionId(first), new NodeName(second)));
            case String role when first == null || second != null -> Optional.empty();
            case "authority" -> Optional.of(new Authority(network, new RegionId(first)));
            case "pop" -> Optional.of(new Pop(network, new PopId(first)));
            case "supervisor" -> Optional.of(new Supervisor(network, new NodeName(first)));
            default -> Optional.empty();
        };
    }

    /** The form of all of them. */
    final class Uri {
        private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
        private static final Pattern FORM =
                Pattern.compile(
                        "runnel://(?<network>%1$s)/(?<role>[a-z]+)(?:/(?<first>%1$s)(?:/(?<second>%1$s))?)?"
                                .formatted(LABEL));

        private Uri() {}
    }
}
