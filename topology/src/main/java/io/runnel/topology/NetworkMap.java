package io.runnel.topology;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.MapFrame.Dot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network as a picture (SVG): regions and POPs where they are on the earth, the ways between them
 * with their round trips, and, if that is known, how the nodes are. Pure.
 *
 * @param states of nodes, by name; none for a network that does not run
 */
public record NetworkMap(Topology topology, Map<NodeName, NodeSaid> states) {
    private static final double APART = 74;
    private static final String HEAD =
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" \
            font-family="system-ui, sans-serif" font-size="13">
            <title>%s</title>
            <style>
            .sea{fill:#eaf1f6} .land{fill:#dde5d8;stroke:#c4cfbd} .way{stroke:#4a6d8c;stroke-width:1.6}
            .other{stroke:#8aa0b3;stroke-dasharray:5 4} .rtt{fill:#3d566d;font-size:11px}
            .rtt,.name,.note{paint-order:stroke;stroke:#ffffffcc;stroke-width:3px;text-anchor:middle}
            .name{font-weight:600} .note{fill:#555;font-size:11px} .node{stroke:#fff;stroke-width:2}
            .load{fill:none;stroke:#22303c;stroke-width:4} .ready{fill:#2e7d4f} .drained{fill:#c98a00}
            .down{fill:#b3352b} .unknown{fill:#5b7083}
            </style>
            """;

    /**
     * What is known of a node.
     *
     * @param state {@code ready}, {@code draining}, {@code drained}; anything else is trouble
     * @param usedPercent of its slots
     */
    public record NodeSaid(String state, int usedPercent) {}

    /** What is drawn in one place. */
    private record Place(String name, Location at, List<NodeName> nodes, boolean isRegion) {}

    /** The picture, as a document of its own. */
    public String svg() {
        List<Place> places = places();
        List<Location> locations = places.stream().map(Place::at).toList();
        MapFrame frame = MapFrame.around(locations);
        List<Dot> spread = frame.spread(locations, APART);
        Map<String, Dot> dots = new HashMap<>();
        for (int i = 0; i < places.size(); i++) {
            dots.put(places.get(i).name(), spread.get(i));
        }
        StringBuilder svg = new StringBuilder();
        add(svg, HEAD, MapFrame.WIDTH, frame.height(), text("Network " + topology.network()));
        add(
                svg,
                "<rect class=\"sea\" width=\"%.0f\" height=\"%.0f\"/>%n",
                MapFrame.WIDTH,
                frame.height());
        Coasts.outlines().forEach(outline -> land(svg, frame, outline));
        ways(svg, dots);
        places.forEach(place -> place(svg, place, dots.get(place.name())));
        add(
                svg,
                "<text x=\"14\" y=\"24\" font-size=\"16\" font-weight=\"600\">%s</text>%n",
                text(topology.network()));
        return svg.append("</svg>\n").toString();
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (Region region : topology.regions()) {
            List<NodeName> nodes = region.nodes().stream().map(RegionNode::name).toList();
            places.add(new Place(region.name().value(), region.location(), nodes, true));
        }
        for (Pop pop : topology.pops()) {
            places.add(new Place(pop.name().value(), pop.location(), List.of(pop.node()), false));
        }
        return places;
    }

    private static void land(StringBuilder svg, MapFrame frame, List<Location> outline) {
        add(
                svg,
                "<polygon class=\"land\" points=\"%s\"/>%n",
                outline.stream()
                        .map(frame::dot)
                        .map(dot -> format("%.0f,%.0f", dot.x(), dot.y()))
                        .collect(Collectors.joining(" ")));
    }

    private void ways(StringBuilder svg, Map<String, Dot> dots) {
        List<Region> regions = topology.regions();
        for (int i = 0; i < regions.size(); i++) {
            for (int j = i + 1; j < regions.size(); j++) {
                way(svg, dots, regions.get(i).name().value(), regions.get(j).name(), "other");
            }
        }
        for (Pop pop : topology.pops()) {
            for (RegionId other : pop.failover()) {
                way(svg, dots, pop.name().value(), other, "other");
            }
        }
        for (Pop pop : topology.pops()) {
            way(svg, dots, pop.name().value(), pop.region(), "way");
        }
    }

    private void way(
            StringBuilder svg, Map<String, Dot> dots, String from, RegionId to, String as) {
        Dot a = dots.get(from);
        Dot b = dots.get(to.value());
        add(
                svg,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                as,
                a.x(),
                a.y(),
                b.x(),
                b.y());
        // Nearer to where it begins, for many ways end at a region.
        add(
                svg,
                "<text class=\"rtt\" x=\"%.1f\" y=\"%.1f\">%d ms</text>%n",
                a.x() + (b.x() - a.x()) * 0.4,
                a.y() + (b.y() - a.y()) * 0.4 - 4,
                topology.rtt(from, to).toMillis());
    }

    private void place(StringBuilder svg, Place place, Dot dot) {
        int count = place.nodes().size();
        for (int i = 0; i < count; i++) {
            double x = dot.x() + (i - (count - 1) / 2.0) * 30;
            NodeSaid said = states.getOrDefault(place.nodes().get(i), new NodeSaid("", 0));
            String shape =
                    place.isRegion()
                            ? format(
                                    "rect x=\"%.1f\" y=\"%.1f\" width=\"24\" height=\"24\""
                                            + " rx=\"5\"",
                                    x - 12, dot.y() - 12)
                            : format("circle cx=\"%.1f\" cy=\"%.1f\" r=\"11\"", x, dot.y());
            add(
                    svg,
                    "<%s class=\"node %s\"><title>%s</title></%s>%n",
                    shape,
                    colour(said.state()),
                    text((place.nodes().get(i) + " " + said.state()).strip()),
                    place.isRegion() ? "rect" : "circle");
            load(svg, said, x, dot.y());
        }
        add(
                svg,
                "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
                dot.x(),
                dot.y() + 29,
                text(place.name()));
        add(
                svg,
                "<text class=\"note\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
                dot.x(),
                dot.y() + 43,
                text(note(place)));
    }

    /** An arc around the node, a whole turn when all its slots are taken. */
    private static void load(StringBuilder svg, NodeSaid said, double x, double y) {
        if (said.usedPercent() > 0) {
            add(
                    svg,
                    "<circle class=\"load\" cx=\"%.1f\" cy=\"%.1f\" r=\"15\" pathLength=\"100\""
                            + " stroke-dasharray=\"%d 100\"/>%n",
                    x,
                    y,
                    Math.min(100, said.usedPercent()));
        }
    }

    private String note(Place place) {
        String kind = place.isRegion() ? "region" : "POP";
        String said =
                place.nodes().stream()
                        .filter(states::containsKey)
                        .map(states::get)
                        .map(each -> "%s, %d %%".formatted(each.state(), each.usedPercent()))
                        .distinct()
                        .collect(Collectors.joining("; "));
        return said.isEmpty() ? kind : kind + ": " + said;
    }

    private static String colour(String state) {
        return switch (state) {
            case "" -> "unknown";
            case "ready" -> "ready";
            case "draining", "drained" -> "drained";
            default -> "down";
        };
    }

    private static void add(StringBuilder svg, String form, Object... values) {
        svg.append(format(form, values));
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    private static String text(String plain) {
        return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
