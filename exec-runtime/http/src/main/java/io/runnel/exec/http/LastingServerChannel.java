package io.runnel.exec.http;

import io.netty.channel.socket.nio.NioServerSocketChannel;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that loses nobody when it closes: the kernel resets the connections that wait to be taken
 * with it, so that they are taken first. Of those that share a port the newest gets what comes. For
 * its event loop.
 */
final class LastingServerChannel extends NioServerSocketChannel {
    /** As many as the kernel may keep waiting, and some more that come meanwhile. */
    private static final int MOST_LAST = 4096;

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        if (javaChannel().getOption(StandardSocketOptions.SO_REUSEPORT)) {
            ReusePortGroup.preferNewest(javaChannel());
        }
    }

    @Override
    protected void doClose() throws Exception {
        List<Object> last = new ArrayList<>();
        if (isActive()) {
            leaveSelector();
            takeAll(last);
        }
        super.doClose();
        // Its handlers are still there: they leave in a task of their own.
        last.forEach(pipeline()::fireChannelRead);
        if (!last.isEmpty()) {
            pipeline().fireChannelReadComplete();
        }
    }

    /** Java closes a channel that a selector knows only when that selects next. */
    private void leaveSelector() throws IOException {
        if (isRegistered()) {
            SelectionKey key = registration().attachment();
            Selector selector = key.selector();
            key.cancel();
            selector.selectNow();
        }
    }

    private void takeAll(List<Object> last) throws Exception {
        int taken = doReadMessages(last);
        while (taken > 0 && last.size() < MOST_LAST) {
            taken = doReadMessages(last);
        }
    }
}
