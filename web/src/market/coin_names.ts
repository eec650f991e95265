/** A coin's name without the dollar that it is traded against: "BTC/USD" and "BTCUSD" are "BTC". */
export const coinOf = (name: string): string => name.replace(/(.)\/?USD$/, "$1");
