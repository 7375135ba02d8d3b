/**
 * The host's functions of time as they are when they are called, grouped as RxJS's providers have them. In a marble
 * test they are the virtual ones for those inside, and the host's own for all others.
 */
export const globalTime = {
  timeout: {
    setTimeout: (callback: () => void, delay?: number) => setTimeout(callback, delay),
    clearTimeout: (handle: number) => {
      clearTimeout(handle);
    },
  },
  interval: {
    setInterval: (callback: () => void, delay?: number) => setInterval(callback, delay),
    clearInterval: (handle: number) => {
      clearInterval(handle);
    },
  },
  animationFrame: {
    requestAnimationFrame: (callback: FrameRequestCallback) => requestAnimationFrame(callback),
    cancelAnimationFrame: (handle: number) => {
      cancelAnimationFrame(handle);
    },
  },
  date: { now: () => Date.now() },
  performance: { now: () => performance.now() },
};
