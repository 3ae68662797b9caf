package io.runnel.routing.catalog;

import io.runnel.exec.task.CodeDigest;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What every store and every feed may rely on of a record, whatever it says: names within their
 * limits, a state that is one line. One that breaks it is written nowhere and read nowhere: whoever
 * follows its origin could go no further.
 */
public final class RecordShape {
    private static final int MOST_KIND_CHARACTERS = 32;

    private static final List<Rule> RULES =
            List.of(
                    new Rule("log must be a name", r -> Position.isLogName(r.log())),
                    new Rule("seq must be positive", r -> r.seq() >= 1),
                    new Rule(
                            "kind must be 1 to %d of a-z and -".formatted(MOST_KIND_CHARACTERS),
                            r -> isLabel(r.kind())),
                    new Rule(
                            "key must be 1 to %d characters, none of control"
                                    .formatted(FeedRecord.MOST_KEY_CHARACTERS),
                            r -> isKey(r.key())),
                    new Rule(
                            "record must be an object or null, one line of at most %d characters"
                                    .formatted(FeedRecord.MOST_RECORD_CHARACTERS),
                            r -> isState(r.record())),
                    new Rule("prev must be 64 of 0-9 and a-f", r -> CodeDigest.isValid(r.prev())),
                    new Rule("hash must be 64 of 0-9 and a-f", r -> CodeDigest.isValid(r.hash())));

    private RecordShape() {}

    private record Rule(String text, Predicate<FeedRecord> holds) {}

    /** The rule that a record breaks; empty if it is of the right shape. */
    public static Optional<String> broken(FeedRecord record) {
        return RULES.stream()
                .filter(rule -> !rule.holds().test(record))
                .map(Rule::text)
                .findFirst();
    }

    private static boolean isLabel(String kind) {
        return !kind.isEmpty()
                && kind.length() <= MOST_KIND_CHARACTERS
                && kind.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-');
    }

    private static boolean isKey(String key) {
        return !key.isEmpty()
                && key.length() <= FeedRecord.MOST_KEY_CHARACTERS
                && key.chars().noneMatch(Character::isISOControl);
    }

    private static boolean isState(String record) {
        return record.length() <= FeedRecord.MOST_RECORD_CHARACTERS
                && record.indexOf('\n') < 0
                && record.indexOf('\r') < 0
                && (record.equals(FeedRecord.DELETED) || record.startsWith("{"));
    }
}
