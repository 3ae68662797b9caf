package io.runnel.region.server.control;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.Position;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ETag of what a record says: the log that it stands in and its number there, {@code "LOG.41"}.
 */
final class EntityTag {
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{1,64})\\.([0-9]{1,18})");

    private EntityTag() {}

    static String of(String log, long seq) {
        return "\"" + log + "." + seq + "\"";
    }

    /**
     * What a tag names, without its quotes.
     *
     * @throws IllegalArgumentException if it is no tag
     */
    static Position position(String tag) {
        Matcher parts = FORM.matcher(tag);
        if (!parts.matches()) {
            throw new IllegalArgumentException("must be as LOG.41");
        }
        return new Position(parts.group(1), Long.parseLong(parts.group(2)), Position.NO_HASH);
    }

    /** The tag of a record that {@code home} wrote. */
    static String of(Catalog catalog, RegionId home, long seq) {
        String log = catalog.positions().position(home).map(Position::log).orElse("");
        return of(log, seq);
    }

    /** The tag of a record of this account, whose home wrote it. */
    static String of(Catalog catalog, AccountId account, long seq) {
        return catalog.account(account).map(known -> of(catalog, known.home(), seq)).orElse("");
    }

    /**
     * Checks a call's {@code If-Match} and {@code If-None-Match: *} for a write.
     *
     * @param current the tag of what is there, if anything is
     */
    static void requireMatch(Call call, Optional<String> current) {
        call.header("If-Match")
                .filter(wanted -> current.isEmpty() || !names(wanted, current.get()))
                .ifPresent(EntityTag::fail);
        call.header("If-None-Match")
                .filter(unwanted -> current.isPresent() && names(unwanted, current.get()))
                .ifPresent(EntityTag::fail);
    }

    private static void fail(String header) {
        throw new RefusedException(ControlError.PRECONDITION_FAILED);
    }

    /** Whether a reader has this already. */
    static boolean isKnown(Call call, String current) {
        return call.header("If-None-Match").map(known -> names(known, current)).orElse(false);
    }

    private static boolean names(String header, String tag) {
        return List.of(header.split(",", 32)).stream()
                .map(String::strip)
                .anyMatch(one -> one.equals("*") || one.equals(tag));
    }

    /** Whether the write was asked for on a condition: then a conflict is the caller's to solve. */
    static boolean isConditional(Call call) {
        return call.header("If-Match").isPresent() || call.header("If-None-Match").isPresent();
    }
}
