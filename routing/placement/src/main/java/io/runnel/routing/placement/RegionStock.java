package io.runnel.routing.placement;

import io.runnel.exec.task.CodeDigest;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.Written;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What a region's node has of versions, as it tells POPs: how far it knows each origin's log, which
 * code of that it lacks, and which programs it has open, the last used first. Codes are named by
 * the first 64 bits of their digests. Never longer than a few kilobytes, however many tasks there
 * are: a version is held if the log is known up to it, and its code is not among what is lacking.
 *
 * <p>As text four lines, the last of which says whether the list before it is all that is open:
 *
 * <pre>
 * eu-west/LOG:41,us-east/LOG:7
 * 0123456789abcdef
 * 0123456789abcdef,fedcba9876543210
 * all
 * </pre>
 *
 * <p>Immutable. Any thread.
 */
public final class RegionStock {
    /** So much code at most can be said to be lacking. */
    public static final int MOST_LACKING = 64;

    /** Of so many programs at most a region can say that they are open. */
    public static final int MOST_WARM = 256;

    /** The longest text. */
    public static final int MOST_CHARACTERS = 32 * 1024;

    /** Nothing is known. */
    public static final RegionStock UNKNOWN =
            new RegionStock(FeedPositions.NONE, List.of(), List.of(), false);

    private static final int LINES = 4;
    private static final int HEX = 16;
    private static final int DIGITS = 16;
    private static final String ALL = "all";
    private static final String SOME = "some";

    private final FeedPositions known;
    private final long[] lacking;
    private final long[] warm;
    private final boolean allWarm;

    /**
     * What it has.
     *
     * @param lacking at most {@link #MOST_LACKING}
     * @param warm at most {@link #MOST_WARM}
     * @param allWarm whether nothing else is open
     * @throws IllegalArgumentException if there is more of either
     */
    public RegionStock(
            FeedPositions known,
            Collection<CodeDigest> lacking,
            Collection<CodeDigest> warm,
            boolean allWarm) {
        this(known, sorted(names(lacking)), sorted(names(warm)), allWarm);
    }

    private RegionStock(FeedPositions known, long[] lacking, long[] warm, boolean allWarm) {
        if (lacking.length > MOST_LACKING || warm.length > MOST_WARM) {
            throw new IllegalArgumentException(
                    "at most %d lacking and %d warm: %d and %d"
                            .formatted(MOST_LACKING, MOST_WARM, lacking.length, warm.length));
        }
        this.known = known;
        this.lacking = lacking;
        this.warm = warm;
        this.allWarm = allWarm;
    }

    private static LongStream names(Collection<CodeDigest> digests) {
        return digests.stream().mapToLong(RegionStock::name);
    }

    private static long[] sorted(LongStream names) {
        return names.sorted().toArray();
    }

    /** How code is named here. */
    public static long name(CodeDigest digest) {
        return Long.parseUnsignedLong(digest.value(), 0, DIGITS, HEX);
    }

    /**
     * What it has of a version.
     *
     * @param written up to where one must know the log to know the version
     * @param code the version's, by its {@link #name}
     */
    public RegionView.Copy copy(Written written, long code) {
        if (known.of().isEmpty()) {
            return RegionView.Copy.UNKNOWN;
        }
        if (!known.covers(written) || Arrays.binarySearch(lacking, code) >= 0) {
            return RegionView.Copy.OLD;
        }
        if (Arrays.binarySearch(warm, code) >= 0) {
            return RegionView.Copy.WARM;
        }
        return allWarm ? RegionView.Copy.COLD : RegionView.Copy.UNKNOWN;
    }

    /** The text form. */
    public String format() {
        return String.join("\n", known.format(), text(lacking), text(warm), allWarm ? ALL : SOME);
    }

    private static String text(long[] names) {
        return Arrays.stream(names)
                .mapToObj(name -> String.format("%016x", name))
                .collect(Collectors.joining(","));
    }

    /** Reads the text form; {@link #UNKNOWN} if it is none. */
    public static RegionStock parse(String text) {
        String[] lines = text.split("\n", -1);
        if (text.length() > MOST_CHARACTERS || lines.length != LINES) {
            return UNKNOWN;
        }
        try {
            return new RegionStock(
                    FeedPositions.parse(lines[0]),
                    sorted(read(lines[1])),
                    sorted(read(lines[2])),
                    lines[LINES - 1].equals(ALL));
        } catch (CatalogException | IllegalArgumentException notSaid) {
            return UNKNOWN;
        }
    }

    private static LongStream read(String names) {
        return names.isEmpty()
                ? LongStream.empty()
                : Arrays.stream(names.split(",", -1))
                        .mapToLong(name -> Long.parseUnsignedLong(name, HEX));
    }
}
