package io.runnel.exec.durable;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;

import io.runnel.exec.task.Schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A calendar as UNIX cron has it (minute, hour, day of the month, month, day of the week; where
 * both days are said, either is enough), by the clock of a time zone. Pure; for one thread at a
 * time. Reading one takes about a millisecond, each question a quarter of one, whatever it says.
 *
 * <p>Where a zone's clock is set forward, a time that does not exist is the moment after the gap;
 * several such are one. Where it is set back, a time that comes twice is the first of both. For
 * that the library that reads calendars is asked by a clock that is never set, and what it says is
 * translated here: its own rule leaves out what does not exist, and takes both of what comes twice.
 */
public final class CronCalendar {
    private static final Map<String, String> NICKNAMES =
            Map.of(
                    "@hourly", "0 * * * *",
                    "@daily", "0 0 * * *",
                    "@weekly", "0 0 * * 0",
                    "@monthly", "0 0 1 * *");

    private static final CronDefinition UNIX =
            CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);

    /** Whatever day there is comes in the hundred years that the library looks through. */
    private static final LocalDateTime LONG_AGO = LocalDateTime.of(2000, 1, 1, 0, 0);

    /** One look, and one more behind a clock that was set back. */
    private static final int MOST_LOOKS = 3;

    private final ZoneRules zone;
    private final ExecutionTime times;

    private CronCalendar(ZoneRules zone, ExecutionTime times) {
        this.zone = zone;
        this.times = times;
    }

    /**
     * Reads one.
     *
     * @param cron five fields, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code
     *     @monthly}
     * @throws IllegalArgumentException if it is none, or no moment is ever meant; names the field
     */
    public static CronCalendar of(String cron, ZoneId zone) {
        if (cron.length() > Schedule.MOST_CRON_CHARACTERS) {
            throw new IllegalArgumentException(
                    "must be at most %d characters".formatted(Schedule.MOST_CRON_CHARACTERS));
        }
        Map<CronField, String> fields = fields(NICKNAMES.getOrDefault(cron, cron).strip());
        CronCalendar calendar = new CronCalendar(zone.getRules(), times(fields));
        if (calendar.following(LONG_AGO).isEmpty()) {
            throw new IllegalArgumentException("means no moment that ever comes");
        }
        return calendar;
    }

    private static Map<CronField, String> fields(String text) {
        List<String> words = List.of(text.split("[ \t]+", -1));
        if (words.size() != CronField.values().length) {
            throw new IllegalArgumentException(
                    "must be five fields (%s), or one of %s"
                            .formatted(
                                    Arrays.stream(CronField.values())
                                            .map(CronField::label)
                                            .collect(Collectors.joining(", ")),
                                    NICKNAMES.keySet().stream()
                                            .sorted()
                                            .collect(Collectors.joining(", "))));
        }
        Iterator<String> next = words.iterator();
        Map<CronField, String> fields = new EnumMap<>(CronField.class);
        for (CronField field : CronField.values()) {
            fields.put(field, field.plain(next.next()));
        }
        return fields;
    }

    private static ExecutionTime times(Map<CronField, String> fields) {
        try {
            return ExecutionTime.forCron(new CronParser(UNIX).parse(joined(fields)));
        } catch (RuntimeException e) {
            // What the library says is for programmers; whatever it throws means that it is none.
            throw wrong(fields);
        }
    }

    private static String joined(Map<CronField, String> fields) {
        return Arrays.stream(CronField.values())
                .map(field -> fields.getOrDefault(field, "*"))
                .collect(Collectors.joining(" "));
    }

    private static IllegalArgumentException wrong(Map<CronField, String> fields) {
        for (Map.Entry<CronField, String> field : fields.entrySet()) {
            if (!isRead(joined(Map.of(field.getKey(), field.getValue())))) {
                return field.getKey().refused(field.getValue());
            }
        }
        return new IllegalArgumentException("is no calendar");
    }

    private static boolean isRead(String cron) {
        try {
            var unused = new CronParser(UNIX).parse(cron);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * The time zone of this name.
     *
     * @throws IllegalArgumentException if there is none; offsets are no names
     */
    public static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new IllegalArgumentException("must be a time zone, as UTC or Europe/Amsterdam");
        }
        return ZoneId.of(name);
    }

    /** The first moment after this one; none if it is more than a hundred years away. */
    public Optional<Instant> next(Instant after) {
        LocalDateTime from = local(after);
        for (int i = 0; i < MOST_LOOKS; i++) {
            Optional<LocalDateTime> found = following(from);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Instant moment = moment(found.get());
            if (moment.isAfter(after)) {
                return Optional.of(moment);
            }
            from = behind(found.get());
        }
        return Optional.empty();
    }

    /**
     * The last moment after one and not after another; about twenty questions for a day, however
     * many there are in between.
     */
    public Optional<Instant> last(Instant after, Instant upTo) {
        Optional<Instant> found = next(after, upTo);
        if (found.isEmpty()) {
            return found;
        }
        Instant last = found.get();
        Instant noneBehind = upTo;
        while (true) {
            Optional<Instant> following = next(last, upTo);
            if (following.isEmpty()) {
                return Optional.of(last);
            }
            last = following.get();
            Instant middle = last.plus(Duration.between(last, noneBehind).dividedBy(2));
            Optional<Instant> later = next(middle, upTo);
            last = later.orElse(last);
            noneBehind = later.isPresent() ? noneBehind : middle;
        }
    }

    private Optional<Instant> next(Instant after, Instant upTo) {
        return next(after).filter(moment -> !moment.isAfter(upTo));
    }

    private LocalDateTime local(Instant at) {
        return LocalDateTime.ofInstant(at, zone.getOffset(at)).truncatedTo(ChronoUnit.SECONDS);
    }

    private Optional<LocalDateTime> following(LocalDateTime from) {
        return times.nextExecution(from.atZone(ZoneOffset.UTC)).map(t -> t.toLocalDateTime());
    }

    /** When the zone's clock shows this first, or would have. */
    private Instant moment(LocalDateTime shown) {
        List<ZoneOffset> offsets = zone.getValidOffsets(shown);
        return offsets.isEmpty()
                ? zone.getTransition(shown).getInstant()
                : shown.toInstant(offsets.getFirst());
    }

    /** Of what comes twice, behind all of it. */
    private LocalDateTime behind(LocalDateTime shown) {
        ZoneOffsetTransition set = zone.getTransition(shown);
        return set == null ? shown : set.getDateTimeBefore().minusSeconds(1);
    }
}
