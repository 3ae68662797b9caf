package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far each origin's log is known: what a follower sends to go on where it was. As text: {@code
 * eu-west/LOG:41,us-east/LOG:7}, sorted by origin; hashes are not in the text.
 */
public record FeedPositions(Map<RegionId, Position> of) {
    /** Nothing known. */
    public static final FeedPositions NONE = new FeedPositions(Map.of());

    /** The most origins that a text may name. */
    public static final int MOST_ORIGINS = 256;

    private static final int MOST_CHARACTERS = 64 * 1024;

    public FeedPositions {
        of = Map.copyOf(of);
    }

    /**
     * Reads the text form; empty for none.
     *
     * @throws CatalogException with {@link CatalogException.Code#MALFORMED}
     */
    public static FeedPositions parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw malformed("longer than %d characters".formatted(MOST_CHARACTERS));
        }
        Map<RegionId, Position> found = new HashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            readOne(part, found);
        }
        return new FeedPositions(found);
    }

    private static void readOne(String part, Map<RegionId, Position> found) {
        int slash = part.indexOf('/');
        int colon = part.lastIndexOf(':');
        if (slash < 1 || colon < slash) {
            throw malformed("not origin/LOG:number");
        }
        if (found.size() == MOST_ORIGINS) {
            throw malformed("more than %d origins".formatted(MOST_ORIGINS));
        }
        try {
            RegionId origin = new RegionId(part.substring(0, slash));
            long seq = Long.parseLong(part.substring(colon + 1));
            Position position =
                    new Position(part.substring(slash + 1, colon), seq, Position.NO_HASH);
            if (found.put(origin, position) != null) {
                throw malformed("%s stands twice".formatted(origin));
            }
        } catch (IllegalArgumentException e) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED, "feed positions: " + e.getMessage(), e);
        }
    }

    private static CatalogException malformed(String what) {
        return new CatalogException(CatalogException.Code.MALFORMED, "feed positions: " + what);
    }

    /** How far this origin is known. */
    public Optional<Position> position(RegionId origin) {
        return Optional.ofNullable(of.get(origin));
    }

    /** Whether record {@code seq} of this origin's log is known. */
    public boolean covers(RegionId origin, String log, long seq) {
        Position position = of.get(origin);
        return position != null && position.log().equals(log) && position.seq() >= seq;
    }

    /** The text form. */
    public String format() {
        return new TreeMap<>(of)
                .entrySet().stream()
                        .map(e -> e.getKey() + "/" + e.getValue().log() + ":" + e.getValue().seq())
                        .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return format();
    }
}
