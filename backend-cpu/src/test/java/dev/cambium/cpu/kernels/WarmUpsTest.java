package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

/** What has loops compiled, and in which order. */
class WarmUpsTest {
    /** More than anything else in this JVM asks for, which may go on meanwhile. */
    private static final long MUCH = Long.MAX_VALUE - 10;

    @Test
    void what_most_work_waits_for_comes_first_and_what_failed_last() throws InterruptedException {
        var order = new CopyOnWriteArrayList<String>();
        CountDownLatch submitted = holdQueue();
        var done = new CountDownLatch(2);
        WarmUps.submit(new Object(), () -> {
            order.add("less");
            return true;
        }, MUCH);
        WarmUps.submit(new Object(), () -> {
            order.add("failing");
            if (order.indexOf("failing") == order.lastIndexOf("failing")) {
                return false;
            }
            done.countDown();
            return true;
        }, MUCH + 2);
        WarmUps.submit(new Object(), () -> {
            order.add("more");
            done.countDown();
            return true;
        }, MUCH + 1);
        assertThat(WarmUps.areBusy()).isTrue();
        submitted.countDown();
        done.await();
        assertThat(order).isEqualTo(List.of("failing", "more", "less", "failing"));
    }

    @Test
    void what_keeps_failing_is_given_up() throws InterruptedException {
        var attempts = new CopyOnWriteArrayList<Integer>();
        WarmUps.submitAwaited(new Object(), () -> !attempts.add(attempts.size()), MUCH);
        WarmUps.await();
        assertThat(attempts).isNotEmpty();
        var last = new CountDownLatch(3); // is tried again behind the other
        WarmUps.submit(new Object(), () -> {
            last.countDown();
            return false;
        }, MUCH);
        last.await();
        assertThat(attempts).containsExactly(0, 1, 2);
    }

    @Test
    void of_several_tasks_for_the_same_loops_the_first_is_run() throws InterruptedException {
        var loops = new Object();
        var run = new CopyOnWriteArrayList<String>();
        CountDownLatch submitted = holdQueue();
        WarmUps.submit(loops, () -> run.add("less"), MUCH);
        WarmUps.submit(loops, () -> !run.add("more"), MUCH + 1);
        var last = new CountDownLatch(3); // is tried again behind the others
        WarmUps.submit(new Object(), () -> {
            last.countDown();
            return false;
        }, MUCH);
        submitted.countDown();
        last.await();
        assertThat(run).containsExactly("more", "more", "more");
    }

    @Test
    void nothing_is_compiled_for_a_handful_of_elements() throws InterruptedException {
        var compiled = new CountDownLatch(1);
        WarmUps.submit(new Object(), () -> {
            compiled.countDown();
            return true;
        }, 100);
        while (WarmUps.areBusy()) {
            Thread.sleep(1);
        }
        assertThat(compiled.getCount()).isEqualTo(1);
    }

    /** Keeps the queue busy until the latch is counted down, so that what is submitted meanwhile is sorted. */
    private static CountDownLatch holdQueue() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        WarmUps.submit(new Object(), () -> {
            begun.countDown();
            await(released);
            return true;
        }, Long.MAX_VALUE);
        begun.await();
        return released;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
