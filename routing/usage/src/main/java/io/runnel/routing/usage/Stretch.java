package io.runnel.routing.usage;

import io.runnel.exec.task.RegionId;

import java.util.ArrayList;
import java.util.List;

/** What is gathered for one region until it is as large as a batch may be. For one thread. */
final class Stretch {
    private final RegionId home;
    private final UsageDecoder decoder = new UsageDecoder();
    private final int mostEntries;
    private final int mostBytes;
    private final List<UsageBatch.Entry> entries = new ArrayList<>();
    private int bytes = UsageBatchCodec.MOST_FRAME;
    private int unreadable;
    private long to;

    Stretch(RegionId home, int mostEntries, int mostBytes) {
        this.home = home;
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
    }

    /** Takes a record if it goes to the region, unless it does not fit any more. */
    boolean take(long place, byte[] body, long behind) {
        int more = UsageBatchCodec.ENTRY_FRAME + body.length;
        try {
            if (!decoder.home(body).equals(home)) {
                return true;
            }
            if (entries.size() == mostEntries || bytes + more > mostBytes) {
                return false;
            }
            entries.add(new UsageBatch.Entry(place, decoder.decode(body)));
            bytes += more;
        } catch (UsageFormatException _) {
            unreadable++;
        }
        to = behind;
        return true;
    }

    /** Bodies that are as they were written, and yet no records. */
    int unreadable() {
        return unreadable;
    }

    List<UsageBatch.Entry> entries() {
        return entries;
    }

    /** Behind the last that it has. */
    long to() {
        return to;
    }
}
