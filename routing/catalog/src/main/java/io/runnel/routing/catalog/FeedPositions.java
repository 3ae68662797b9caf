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
        String[] position = part.substring(slash + 1).split(":", -1);
        if (slash < 1 || position.length < 2 || position.length > 3) {
            throw malformed("not origin/LOG:number:HASH");
        }
        if (found.size() == MOST_ORIGINS) {
            throw malformed("more than %d origins".formatted(MOST_ORIGINS));
        }
        try {
            RegionId origin = new RegionId(part.substring(0, slash));
            if (found.put(origin, read(position)) != null) {
                throw malformed("%s stands twice".formatted(origin));
            }
        } catch (IllegalArgumentException e) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED, "feed positions: " + e.getMessage(), e);
        }
    }

    private static Position read(String[] parts) {
        String hash = parts.length == 3 ? parts[2] : Position.NO_HASH;
        if (parts.length == 3 && !Position.isHash(hash)) {
            throw malformed("hash must be at least 16 of 0-9 and a-f");
        }
        return new Position(parts[0], Long.parseLong(parts[1]), hash);
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
        return position(origin)
                .filter(known -> known.covers(new Position(log, seq, Position.NO_HASH)))
                .isPresent();
    }

    /** Whether what was written there is known. */
    public boolean covers(Written record) {
        Position known = of.get(record.origin());
        return known != null && known.seq() >= record.seq() && known.log().equals(record.log());
    }

    /** The text form. */
    public String format() {
        return new TreeMap<>(of)
                .entrySet().stream()
                        .map(e -> e.getKey() + "/" + text(e.getValue()))
                        .collect(Collectors.joining(","));
    }

    private static String text(Position position) {
        String hash = position.shortHash();
        String behind = hash.isEmpty() ? "" : ":" + hash;
        return position.log() + ":" + position.seq() + behind;
    }

    @Override
    public String toString() {
        return format();
    }
}
