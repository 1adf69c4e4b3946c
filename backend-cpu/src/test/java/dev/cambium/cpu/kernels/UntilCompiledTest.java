package dev.cambium.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UntilCompiledTest {
    private static final long LONG = 10_000_000_000L;

    /** Is compiled after some calls. */
    private static final class Loop implements Runnable {
        private final int needed;
        private int calls;

        Loop(int needed) {
            this.needed = needed;
        }

        @Override
        public void run() {
            calls++;
        }
    }

    private static boolean call(long limitNanos, Loop... loops) {
        return UntilCompiled.call(List.of(loops), (loop, count) -> {
            for (int i = 0; i < count; i++) {
                loop.run();
            }
        }, loop -> loop instanceof Loop each && each.calls >= each.needed, limitNanos);
    }

    @Test
    void each_loop_is_called_as_often_as_it_takes() {
        var late = new Loop(9_000);
        var soon = new Loop(300);

        assertThat(call(LONG, late, soon)).isTrue();
        assertThat(late.calls).isBetween(9_000, 9_100);
        assertThat(soon.calls).isBetween(300, 5_300);
    }

    @Test
    void where_the_first_is_compiled_early_the_others_are_not_called_for_long() {
        var second = new Loop(0);

        assertThat(call(LONG, new Loop(200), second)).isTrue();
        assertThat(second.calls).isEqualTo(200);
    }

    @Test
    void it_gives_up_when_the_time_is_up() {
        var never = new Loop(Integer.MAX_VALUE);

        assertThat(call(20_000_000, new Loop(100), never)).isFalse();
        assertThat(never.calls).isPositive();
    }
}
