const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 02 Jan 2006 15:04:05 -0700` in the zone of this machine, as Received fields carry it. */
export function localDate(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${days[date.getDay()]}, ${two(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()} ${time} ${zone}`;
}

/** Writes `localDate` of Unix milliseconds; that of the last second is kept, because many messages come in one. */
export function createDateWriter(): (time: number) => string {
  let second = Number.NaN;
  let text = '';
  return (time) => {
    const wanted = Math.floor(time / 1000);
    if (wanted !== second) {
      second = wanted;
      text = localDate(new Date(time));
    }
    return text;
  };
}

/** `Mon, 2 Jan 2006 15:04:05 +0000`, as `submission` adds it to a message without a Date. */
export function utcDate(date: Date): string {
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const month = months[date.getUTCMonth()];
  return `${days[date.getUTCDay()]}, ${date.getUTCDate()} ${month} ${date.getUTCFullYear()} ${time} +0000`;
}

const datePattern = new RegExp(
  `^(?:(?:${days.join('|')}), +)?(\\d{1,2}) +(${months.join('|')}) +(\\d{4}|\\d{2}) +` +
    '(\\d{1,2}):(\\d{2})(?::(\\d{2}))? +(?:[+-]\\d{4}|[A-Za-z]+)$',
);

/** What a Date field may hold on submission (runtime-core 8); the day's name is not held against the date. */
export function isDate(text: string): boolean {
  const match = datePattern.exec(text.replace(/[ \t]+\([^()]*\)[ \t]*$/, '').trim());
  if (match === null) return false;
  const [, day = '', month = '', year = '', hours = '', minutes = '', seconds = '0'] = match;
  const monthLength = new Date(Date.UTC(fullYear(Number(year)), months.indexOf(month) + 1, 0)).getUTCDate();
  const isDay = Number(day) >= 1 && Number(day) <= monthLength;
  return isDay && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
}

/** Two digits: 69 to 99 are of the last century. */
function fullYear(year: number): number {
  if (year >= 100) return year;
  return year < 69 ? 2000 + year : 1900 + year;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
