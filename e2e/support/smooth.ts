/** How fast a page answers and how evenly it moves, measured in the browser. */
import type { Locator, Page } from '@playwright/test';

/** Clicks, and waits until what `selector` finds is painted. @returns milliseconds from the click. */
export async function paintAfter(click: Locator, selector: string): Promise<number> {
  return click.evaluate(
    (element, wanted) =>
      new Promise<number>((done, fail) => {
        const gone = document.querySelector(wanted);
        const begin = performance.now();
        const timer = setTimeout(() => fail(new Error(`${wanted} does not show`)), 20_000);
        const look = () => {
          const found = document.querySelector(wanted);
          if (!found || found === gone) return requestAnimationFrame(look);
          clearTimeout(timer);
          // After the next frame it is on the screen.
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
        };
        // A tab opens when the button goes down, a link when it is up again.
        element.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }));
        (element as HTMLElement).click();
        requestAnimationFrame(look);
      }),
    selector,
  );
}

/** Types, key by key. @returns for each key the milliseconds until what it did was painted. */
export async function keysToPaint(page: Page, text: string): Promise<number[]> {
  await page.evaluate(() => {
    const keys: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') keys.push(entry.duration);
    });
    observer.observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
    Object.assign(window, { keysToPaint: { keys, observer } });
  });
  // As a fast typist: what the page does after a key may still be going on at the next one.
  await page.keyboard.type(text, { delay: 70 });
  return page.evaluate(async (count) => {
    await new Promise((done) => setTimeout(done, 300));
    const { keys, observer } = (
      window as unknown as { keysToPaint: { keys: number[]; observer: PerformanceObserver } }
    ).keysToPaint;
    observer.disconnect();
    // The browser does not tell of those below the threshold.
    return [...keys, ...Array.from({ length: Math.max(0, count - keys.length) }, () => 16)];
  }, text.length);
}

/** Turns the wheel over `box`, down and up again. @returns the times between frames meanwhile. */
export async function framesOfScroll(page: Page, box: Locator, turns = 40, by = 600): Promise<number[]> {
  await box.hover();
  await page.evaluate(() => {
    const frames: number[] = [];
    const state = { frames, on: true };
    let last = performance.now();
    const frame = (now: number) => {
      frames.push(now - last);
      last = now;
      if (state.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { framesOfScroll: state });
  });
  for (let i = 0; i < turns; i += 1) await page.mouse.wheel(0, i < (turns * 2) / 3 ? by : -by);
  return page.evaluate(() => {
    const state = (window as unknown as { framesOfScroll: { frames: number[]; on: boolean } }).framesOfScroll;
    state.on = false;
    // The first is from before the scrolling began.
    return state.frames.slice(2);
  });
}
