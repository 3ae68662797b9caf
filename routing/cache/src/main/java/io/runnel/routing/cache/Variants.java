package io.runnel.routing.cache;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The answers that are kept of one address, for requests that differ in what the answers vary by.
 * Immutable.
 *
 * @param all those that vary before those that do not, as the latter are often a mistake (RFC 9111,
 *     section 4.1), newer ones first
 */
record Variants(List<Kept> all) {
    /** So many at most. */
    static final int MOST = 16;

    static final Variants NONE = new Variants(List.of());

    private static final Comparator<Kept> ORDER =
            Comparator.<Kept, Boolean>comparing(kept -> kept.vary.isNone())
                    .thenComparing(
                            (one, other) ->
                                    one.freshness.isNewerThan(other.freshness)
                                            ? -1
                                            : other.freshness.isNewerThan(one.freshness) ? 1 : 0);

    /** The one for this request. */
    Optional<Kept> select(HeaderView request) {
        if (all.size() == 1 && all.getFirst().vary.isNone()) {
            return Optional.of(all.getFirst());
        }
        Matcher matcher = new Matcher(request);
        for (Kept kept : all) {
            if (matcher.matches(kept)) {
                return Optional.of(kept);
            }
        }
        return Optional.empty();
    }

    /** All that this request could have got. */
    List<Kept> matching(HeaderView request) {
        Matcher matcher = new Matcher(request);
        return all.stream().filter(matcher::matches).toList();
    }

    /** These with one more and without some. */
    Variants with(Kept one, List<Kept> without) {
        List<Kept> changed = new ArrayList<>(all);
        changed.removeAll(without);
        changed.add(one);
        changed.sort(ORDER);
        return new Variants(List.copyOf(changed));
    }

    Variants without(Kept one) {
        return new Variants(all.stream().filter(kept -> kept != one).toList());
    }

    /** Who has to go if there is one too many: the oldest of those that were given the least. */
    Optional<Kept> surplus() {
        return all.size() < MOST
                ? Optional.empty()
                : all.stream()
                        .min(
                                Comparator.comparingInt(Kept::visits)
                                        .thenComparingLong(kept -> kept.freshness.answered()));
    }

    /** Works out what the request has only once for answers that vary alike. */
    private static final class Matcher {
        private final HeaderView request;
        private Vary vary = Vary.NONE;
        private Optional<String> text = Optional.of("");

        Matcher(HeaderView request) {
            this.request = request;
        }

        boolean matches(Kept kept) {
            if (!kept.vary.equals(vary)) {
                vary = kept.vary;
                text = vary.textOf(request);
            }
            return text.isPresent() && text.get().equals(kept.varyText);
        }
    }
}
