package io.runnel.region.server;

import io.runnel.exec.isolate.ExpectedBurst;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A burst of calls that a node expects, as it tells the others of its region. Times are
 * milliseconds of the wall clock: those of the nodes may differ by less than what is prepared ahead
 * of calls matters.
 *
 * @param opensMs from when on it is expected
 * @param closesMs until when
 * @param leadMs how long before what it needs is to be started
 */
record BurstNote(
        TaskRef task, long periodMs, long opensMs, long closesMs, long leadMs, int isolates) {
    /** A node tells of so many at most. */
    static final int MOST = 256;

    private static final int MOST_CHARACTERS = 64 * 1024;
    private static final Pattern SAID = Pattern.compile("at (\\d{1,15})");
    private static final Pattern LINE =
            Pattern.compile(
                    "(\\S+)/(\\S+) (\\d{1,15}) (\\d{1,15}) (\\d{1,15}) (\\d{1,9}) (\\d{1,5})");

    static BurstNote of(ExpectedBurst burst, long nowMs) {
        return new BurstNote(
                burst.task(),
                burst.periodMs(),
                nowMs + burst.opensMs(),
                nowMs + burst.closesMs(),
                burst.leadMs(),
                burst.isolates());
    }

    /** What a node says at this time. */
    record Said(long atMs, List<BurstNote> notes) {
        String format() {
            return notes.stream()
                    .map(BurstNote::format)
                    .collect(Collectors.joining("\n", "at " + atMs + "\n", ""));
        }

        /** Reads it; what is none of this is left out. Hostile. */
        static Said parse(String text) {
            String[] lines = text.length() > MOST_CHARACTERS ? new String[0] : text.split("\n");
            OptionalLong at = lines.length == 0 ? OptionalLong.empty() : said(lines[0]);
            List<BurstNote> notes = new ArrayList<>();
            for (int i = 1; i < Math.min(lines.length, MOST + 1); i++) {
                Matcher line = LINE.matcher(lines[i]);
                if (at.isPresent() && line.matches()) {
                    add(notes, line);
                }
            }
            return new Said(at.orElse(0), notes);
        }

        private static OptionalLong said(String line) {
            Matcher matcher = SAID.matcher(line);
            return matcher.matches()
                    ? OptionalLong.of(Long.parseLong(matcher.group(1)))
                    : OptionalLong.empty();
        }
    }

    private String format() {
        return "%s %d %d %d %d %d".formatted(task, periodMs, opensMs, closesMs, leadMs, isolates);
    }

    private static void add(List<BurstNote> notes, Matcher line) {
        boolean named = AccountId.isValid(line.group(1)) && TaskName.isValid(line.group(2));
        long periodMs = Long.parseLong(line.group(3));
        long opensMs = Long.parseLong(line.group(4));
        long closesMs = Long.parseLong(line.group(5));
        int isolates = Integer.parseInt(line.group(7));
        if (named && periodMs > 0 && closesMs >= opensMs && isolates > 0) {
            notes.add(
                    new BurstNote(
                            TaskRef.of(line.group(1), line.group(2)),
                            periodMs,
                            opensMs,
                            closesMs,
                            Long.parseLong(line.group(6)),
                            isolates));
        }
    }

    /** How many periods its window is over; 0 as long as it is not. */
    private long periodsOver(long nowMs) {
        return nowMs <= closesMs ? 0 : (nowMs - closesMs + periodMs - 1) / periodMs;
    }

    /** Whether what it needs should be there at this time, for this burst or a later one. */
    boolean wants(long nowMs) {
        return nowMs >= opensMs + periodsOver(nowMs) * periodMs - leadMs;
    }
}
